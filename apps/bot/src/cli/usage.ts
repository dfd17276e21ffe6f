export const USAGE = `usage: npm run bot -- [--config FILE] [--data FOLDER] [--port N] [--terminal] [--no-open]
       npm run bot -- --check [--json]

Starts the bot, and opens its chat in your browser.

  --config FILE   the settings, a .ts, .mts, .js, .mjs or .json file. Without it: bot.config.ts or bot.config.json in
                  this folder, or else the bot's own
  --data FOLDER   where the bot keeps everything: conversations, files, what it did
  --port N        the port of the web chat (4310); 0 takes any that is free
  --terminal      talk here, and not in the browser
  --no-open       do not open the browser; the address is printed
  --check         look whether the settings are right, and show each with where it comes from
  --json          with --check: show them as JSON
  --help, -h      this text
  --version       which version this is

From the environment
  ANTHROPIC_API_KEY, OPENAI_API_KEY, EXECUTUS_TIER_FAST and others choose the models. Without any the bot is a scripted
  demo, and says so
  DISCORD_TOKEN          lets the bot be on Discord
  EXECUTUS_BOT_DATA      as --data
  EXECUTUS_BOT_PORT      as --port
  EXECUTUS_BOT_OWNERS    who may decide everything, beside those of the settings: discord:1234, discord:5678

What the command line says counts more than the environment, and that more than the file.
Exit codes: 0 done, 1 it could not be started or had to end, 2 something is wrong with the command line or the settings.`
