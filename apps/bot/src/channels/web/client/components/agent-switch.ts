import { html } from 'htm/preact'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

import type { AgentChoice } from '../../../../bot/bot.ts'
import type { Chat } from '../chat.ts'

export interface AgentSwitchProps {
  readonly chat: Chat
  readonly agents: readonly AgentChoice[]
  readonly agent: string
}

/** Chooses who answers from here on. The bot decides: until it says so, and when it does not, the choice falls back. */
export function AgentSwitch({ chat, agents, agent }: AgentSwitchProps): VNode {
  const [chosen, setChosen] = useState<string | undefined>()
  useEffect(() => setChosen(undefined), [agent])

  const choose = (event: Event & { readonly currentTarget: HTMLSelectElement }) => {
    const { value } = event.currentTarget
    if (value === agent) return
    setChosen(value)
    void chat.switchAgent(value).then(() => setChosen(undefined))
  }
  const listed = agents.some(({ name }) => name === agent)
    ? agents
    : [{ name: agent, description: '', isBuiltIn: true }, ...agents]
  return html`<label class="agent">
    <span class="hidden">Agent</span>
    <select value=${chosen ?? agent} title=${listed.find(({ name }) => name === agent)?.description} onChange=${choose}>
      ${listed.map(
        ({ name, description }) => html`<option key=${name} value=${name} title=${description}>${name}</option>`,
      )}
    </select>
  </label>`
}
