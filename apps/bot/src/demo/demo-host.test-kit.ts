import type { Agent, Message, RunInput } from '@executus/core'
import { recordingCheckpointer } from '@executus/core/testing'

import { type ToolHost, toolHost } from '../tools/tool-host.test-kit.ts'
import { demoModel } from './demo-model.ts'

/** The demo model in front of all of the bot's tools. */
export interface DemoHost extends ToolHost {
  /** What comes of saying something: the calls that were made, in order, each with whether it failed, and the answer. */
  readonly talk: (
    input: RunInput,
    agent?: Agent,
  ) => Promise<{ readonly calls: readonly string[]; readonly answer: string }>
  /**
   * The answers to the same words of runs that died after each entry of their record and went on in a new executor, with the
   * one that was not disturbed as the first.
   */
  readonly answersAfterCrashes: (text: string) => Promise<readonly string[]>
}

export const quickDemo = () => demoModel({ timeZone: 'Europe/Oslo', wordPauseMs: 0 })

export async function demoHost(): Promise<DemoHost> {
  const host = await toolHost()
  return {
    ...host,
    get say() {
      return host.say
    },
    set say(said) {
      host.say = said
    },
    async talk(input, agent = host.assistant) {
      const result = await host.executorOf(quickDemo()).run(agent, input, { caller: 'web:ann', channel: 'web:c1' })
      if (result.status !== 'ok') throw result.error
      return { calls: callsIn(result.messages), answer: result.output }
    },
    async answersAfterCrashes(text) {
      const kept = recordingCheckpointer({ now: () => host.clock.now() })
      const options = { runId: 'r', caller: 'web:ann' }
      const first = await host.executorOf(quickDemo(), { checkpointer: kept }).run(host.assistant, text, options)
      const answers = [first.output]
      for (let entries = 1; entries < kept.length; entries++) {
        const checkpointer = kept.afterCrash(entries)
        answers.push((await host.executorOf(quickDemo(), { checkpointer }).resume('r').result).output)
      }
      return answers
    },
  }
}

function callsIn(messages: readonly Message[]): readonly string[] {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []))
  return results.map(({ name, isError }) => (isError ? `${name} failed` : name))
}
