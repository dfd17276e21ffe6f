// The settings of this bot, each with its default. Secrets are not among them: keys of models and DISCORD_TOKEN come from
// the environment. `npm run bot -- --check` shows what holds, and why.
import { defineBotConfig } from './src/config/bot-config.ts'

export const config = defineBotConfig({
  // Where the bot keeps everything. Relative folders are beside this file.
  dataFolder: 'bot-data',

  // Who may decide everything, beside those who use the web chat or the terminal: 'discord:1234'.
  owners: [],

  // Which models a tier stands for. By default `fast` and `smart` are what ANTHROPIC_API_KEY and OPENAI_API_KEY allow.
  // tiers: { fast: ['local/qwen3', 'anthropic/claude-haiku-4-5'], smart: 'anthropic/claude-sonnet-5-5' },

  // Servers of your own. A key, where one is needed, is EXECUTUS_PROVIDER_LOCAL_API_KEY in the environment.
  // providers: { local: { baseUrl: 'http://localhost:11434/v1' } },

  // What is known about their models: tokens that fit, and US dollars for a million of them.
  // models: { 'local/qwen3': { contextWindow: 32_000, price: { inputUsd: 0, outputUsd: 0 } } },

  // The web chat, on 127.0.0.1. Port 0 takes any that is free.
  web: { isEnabled: true, port: 4310 },

  // Discord, which is on when DISCORD_TOKEN is set. Ids are digits in quotes.
  discord: {
    // Channels in which the bot answers whoever mentions it.
    channels: [],
    // People who may write to it directly, beside the owners.
    people: [],
    // A server that has the slash commands at once; without it all servers have them, after an hour at most.
    // guild: '1234',
  },

  // Who answers: the first one, and the others when they are asked for. By default an assistant and a researcher, see
  // src/agents/built-in-agents.ts. An agent that names no tools has all; one that names no tier is of the tier `fast`.
  // agents: [
  //   {
  //     name: 'gardener',
  //     description: 'Knows what grows where, and when.',
  //     instructions: 'You help people with their gardens. Ask where they live before you give advice.',
  //   },
  // ],

  skills: {
    // Folders of Agent Skills.
    folders: ['skills'],
    // Digests of skills that models may see, beside those that come with the bot. Look at a skill before you trust it.
    trustedDigests: [],
  },

  budget: {
    // What each person may take. A limit has a window (hour, day, week, month) and any of tokens, runs and costUsd.
    perPerson: [{ window: 'day', tokens: 200_000 }],
    // How many tokens an owner's yes adds when somebody's are used up.
    extraTokens: 50_000,
  },

  approvals: {
    // After so many minutes a question that nobody answered counts as declined.
    ttlMinutes: 30,
    // Tools that need a yes, beside those that ask by themselves: names, or patterns such as 'web_*'.
    askFor: [],
  },

  // What may come with one message.
  attachments: { maxFileBytes: 8_388_608, maxFiles: 6 },

  runs: {
    // How many are under way at once, fair between people.
    concurrency: 8,
    // Model calls of one run.
    maxSteps: 25,
    // Minutes of work of one run.
    timeoutMinutes: 10,
  },

  // Days after which ended runs, their audit and files are forgotten; what was said stays.
  keepDays: 90,

  // Of schedules and budgets. By default the machine's.
  // timeZone: 'Europe/Oslo',
})
