export interface CommandInfo {
  readonly name: string
  readonly description: string
  /** What follows it; `about` says what it is. */
  readonly argument?: { readonly name: string; readonly about: string }
}

/** What people may say with a `/`, in every channel. */
export const COMMANDS: readonly CommandInfo[] = [
  { name: 'help', description: 'Lists these commands' },
  { name: 'new', description: 'Begins a new conversation' },
  { name: 'stop', description: 'Stops what is under way here' },
  { name: 'status', description: 'What is under way here' },
  { name: 'usage', description: 'What is left of your budget' },
  { name: 'agents', description: 'Whom you can talk to' },
  { name: 'agent', description: 'Has another agent answer here', argument: { name: 'NAME', about: 'Its name' } },
  { name: 'skills', description: 'What agents have learned' },
  { name: 'schedules', description: 'What you have scheduled' },
  {
    name: 'cancel',
    description: 'Cancels something that is scheduled',
    argument: { name: 'ID', about: 'Its id; /schedules shows it' },
  },
  { name: 'runs', description: 'Your latest runs' },
  {
    name: 'audit',
    description: 'What a run did, step by step',
    argument: { name: 'RUN', about: 'Its id; /runs shows it' },
  },
]

export function helpText(): string {
  const lines = COMMANDS.map(({ name, argument, description }) => {
    const call = argument === undefined ? `/${name}` : `/${name} ${argument.name}`
    return `- \`${call}\`: ${description}`
  })
  return ['Say anything in your own words, or:', '', ...lines].join('\n')
}
