import {
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type Client,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from 'discord.js'

import { type CommandInfo, COMMANDS } from '../../commands/command-list.ts'

type Command = RESTPostAPIChatInputApplicationCommandsJSONBody

const SLASH_COMMANDS: readonly Command[] = [
  command('ask', 'Ask the bot something', [
    {
      type: ApplicationCommandOptionType.String,
      name: 'question',
      description: 'What you want to know, or to have done',
      required: true,
      max_length: 6_000,
    },
    { type: ApplicationCommandOptionType.Attachment, name: 'file', description: 'A file that it is about' },
  ]),
  ...COMMANDS.map(({ name, description, argument }) => command(name, description, argument && [optionOf(argument)])),
]

/** Registers the commands where they are not yet as they should be: Discord allows 200 new ones a day. */
export async function registerCommands(client: Client<true>, guild: string | undefined): Promise<void> {
  const { id } = client.application
  const route = guild === undefined ? Routes.applicationCommands(id) : Routes.applicationGuildCommands(id, guild)
  // Commands of a server know no other place to be used in.
  const wanted = SLASH_COMMANDS.map(({ contexts, ...rest }) => ({ ...rest, ...(guild === undefined && { contexts }) }))
  const registered = (await client.rest.get(route)) as readonly Command[]
  if (JSON.stringify(comparable(registered)) === JSON.stringify(comparable(wanted))) return
  await client.rest.put(route, { body: wanted })
}

function command(name: string, description: string, options: APIApplicationCommandOption[] = []): Command {
  const contexts = [InteractionContextType.Guild, InteractionContextType.BotDM]
  return { type: ApplicationCommandType.ChatInput, name, description, options, contexts }
}

function optionOf({ name, about }: NonNullable<CommandInfo['argument']>): APIApplicationCommandOption {
  const type = ApplicationCommandOptionType.String
  return { type, name: name.toLowerCase(), description: about, required: true, max_length: 100 }
}

/** What we say of commands, without what Discord adds or leaves out. */
function comparable(commands: readonly Command[]): readonly unknown[] {
  return commands
    .map(({ type, name, description, options = [], contexts }) => [
      name,
      type ?? ApplicationCommandType.ChatInput,
      description,
      contexts?.toSorted((a, b) => a - b) ?? null,
      options.map((option) => [
        option.name,
        option.type,
        option.description,
        option.required ?? false,
        'max_length' in option ? option.max_length : null,
      ]),
    ])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
