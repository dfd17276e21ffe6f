import type { Lens } from './lens.ts'

/** What a change is looked at for, where its host says nothing else. */
export const BUILT_IN_LENSES: readonly Lens[] = [
  {
    name: 'security',
    title: 'Security',
    instructions: `Look for ways in which an attacker gains something by this change: input that reaches a shell, a query, a
path, a template or markup without being escaped for it; missing or wrong checks of who may do something; secrets in code, logs or
errors; weak randomness or cryptography where it matters; requests to addresses that a stranger chooses; deserialising what was not
checked. Name who the attacker is and what they send. A fault that nobody but the operator can reach is not one.`,
  },
  {
    name: 'correctness',
    title: 'Correctness',
    instructions: `Look for code that does not do what it is there for: wrong conditions and off-by-one errors; cases that are not
handled (empty, absent, zero, negative, very large, not ASCII); errors that are swallowed or handled as something else; resources that
are not given back on every way out; values that are used before they are checked; a changed line that its neighbours, or callers that
are shown, do not fit any more. Name an input for which it goes wrong, and what happens then.`,
  },
  {
    name: 'concurrency',
    title: 'Concurrency',
    instructions: `Look for faults that show only when several things happen at once or in another order: state that is shared and
changed without a guard; a check and an act with a wait in between; promises nobody waits for; locks taken in different orders, or held
across a wait; work without a bound; events that may come before somebody listens, twice, or never; cancellation and time-outs that leave
something half done. Name the order of events that breaks it.`,
  },
  {
    name: 'api',
    title: 'API and compatibility',
    instructions: `Look for what breaks those who use this code or its data: exported names, parameters, defaults, return values and
errors that changed or went; formats on disk or on the wire that older or newer versions cannot read; migrations that lose data or cannot
be run twice; behaviour that documents promise and the change does not keep; new promises that cannot be kept later. Name who breaks.`,
  },
  {
    name: 'tests',
    title: 'Tests',
    instructions: `Look at what the change leaves untested, and at tests that prove nothing: new behaviour whose failure no test would
notice; tests that cannot fail, that repeat the code they test, or that depend on time, order or the network; assertions weaker than the
promise; tests that were skipped, focused or loosened so that they pass. Name the fault that would slip through.`,
  },
  {
    name: 'simplicity',
    title: 'Simplicity',
    instructions: `Look for what can be left out: code that nothing reaches, that repeats what is there already, or that prepares for
what nobody asked; a longer way where the language or a library at hand has a shorter one; names that mislead. Report only what makes the
code shorter or plainer without a loss, and show how. How code is formatted, and what is a matter of taste, is not a finding.`,
  },
]
