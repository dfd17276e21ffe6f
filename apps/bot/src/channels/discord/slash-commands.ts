import {
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  type Client,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from 'discord.js'

type Command = RESTPostAPIChatInputApplicationCommandsJSONBody

const COMMANDS: readonly Command[] = [
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
  command('new', 'Begin a new conversation here'),
  command('stop', 'Stop what the bot is doing here'),
  command('status', 'See what the bot is doing'),
  command('usage', 'See what you have used, and what is left'),
  command('agents', 'See which agents there are'),
  command('agent', 'Choose the agent that answers here', [
    {
      type: ApplicationCommandOptionType.String,
      name: 'name',
      description: 'The name of the agent',
      required: true,
      max_length: 100,
    },
  ]),
  command('skills', 'See which skills the agents have'),
  command('schedules', 'See what is done at set times'),
  command('help', 'See what the bot can do'),
]

/** Registers the commands where they are not yet as they should be: Discord allows 200 new ones a day. */
export async function registerCommands(client: Client<true>, guild: string | undefined): Promise<void> {
  const { id } = client.application
  const route = guild === undefined ? Routes.applicationCommands(id) : Routes.applicationGuildCommands(id, guild)
  // Commands of a server know no other place to be used in.
  const wanted = COMMANDS.map(({ contexts, ...rest }) => ({ ...rest, ...(guild === undefined && { contexts }) }))
  const registered = (await client.rest.get(route)) as readonly Command[]
  if (JSON.stringify(comparable(registered)) === JSON.stringify(comparable(wanted))) return
  await client.rest.put(route, { body: wanted })
}

function command(name: string, description: string, options: APIApplicationCommandOption[] = []): Command {
  const contexts = [InteractionContextType.Guild, InteractionContextType.BotDM]
  return { type: ApplicationCommandType.ChatInput, name, description, options, contexts }
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
