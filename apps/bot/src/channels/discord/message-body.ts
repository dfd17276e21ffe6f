import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RawFile,
} from 'discord.js'

import type { Button, Part } from '../../channel/channel.ts'
import { cut } from '../../text/cut.ts'

const STYLES = {
  primary: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
  plain: ButtonStyle.Secondary,
} as const

/** Discord's limits (https://docs.discord.com/developers/components/reference, 2026-11). */
const BUTTONS_OF_A_ROW = 5
const LONGEST_LABEL = 80

/** A message as the API takes it. It mentions nobody, whatever a model writes, and no link in it unfolds. */
export function bodyOf({ text, buttons = [] }: Part) {
  return {
    content: text,
    components: rowsOf(buttons),
    allowed_mentions: { parse: [] as never[] },
    flags: MessageFlags.SuppressEmbeds,
  } as const
}

export function filesOf({ file }: Part): RawFile[] {
  if (file === undefined) return []
  return [{ name: file.name, data: file.text, contentType: file.mediaType }]
}

function rowsOf(buttons: readonly Button[]): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const components = buttons.map(({ id, label, style }) => ({
    type: ComponentType.Button as const,
    custom_id: id,
    label: cut(label, LONGEST_LABEL),
    style: STYLES[style],
  }))
  const count = Math.ceil(components.length / BUTTONS_OF_A_ROW)
  return Array.from({ length: count }, (_, row) => ({
    type: ComponentType.ActionRow as const,
    components: components.slice(row * BUTTONS_OF_A_ROW, (row + 1) * BUTTONS_OF_A_ROW),
  }))
}
