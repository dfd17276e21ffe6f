// Whatever a port does, a run comes to its one end, and says what went wrong.
import { z } from 'zod'

import { testSuspects } from './hostile-ports.test-kit.ts'
import { defineTool } from './tool/define-tool.ts'

const asking = defineTool({ name: 'probe', description: 'x', input: z.object({}), approval: 'ask', run: () => 'seen' })
const long = defineTool({ name: 'probe', description: 'x', input: z.object({}), run: () => 'x'.repeat(100) })
const file = { type: 'file', mediaType: 'application/pdf', source: { kind: 'base64', data: 'AAAA' } } as never
const reservation = { settle() {} }
const audited = (recorder: object) => ({
  options: { audit: { open: () => ({ event() {}, close() {}, ...recorder }) } },
})
const watched = (watch: object) => ({ options: { critic: { watch: () => ({ event() {}, close() {}, ...watch }) } } })
const session = (tools: object) => ({ options: { sessionTools: () => ({ tools: [], ...tools }) } })

testSuspects([
  { port: 'audit.open', isHarmless: true, wire: (open) => ({ options: { audit: { open } } }) },
  { port: 'audit.event', isHarmless: true, wire: (event) => audited({ event }) },
  { port: 'audit.close', isHarmless: true, wire: (close) => audited({ close }) },
  { port: 'critic.watch', isHarmless: true, wire: (watch) => ({ options: { critic: { watch } } }) },
  { port: 'critic.event', isHarmless: true, wire: (event) => watched({ event }) },
  { port: 'critic.close', isHarmless: true, wire: (close) => watched({ close }) },
  {
    port: 'delivery.deliver',
    isHarmless: true,
    wire: (deliver) => ({
      options: { delivery: { deliver, deliverError: () => Promise.resolve() } },
      invocation: { deliverTo: 'x' },
    }),
  },
  {
    port: 'delivery.deliverError',
    isHarmless: false,
    wire: (deliverError) => ({
      options: { delivery: { deliver: () => Promise.resolve(), deliverError } },
      invocation: { deliverTo: 'x' },
      turns: [],
    }),
  },
  {
    port: 'fileStore.save of an input',
    isHarmless: false,
    wire: (save) => ({ options: { fileStore: { save } }, invocation: { files: [file] } }),
  },
  {
    port: 'fileStore.save of an output',
    isHarmless: true,
    wire: (save) => ({ options: { fileStore: { save }, tools: [long], limits: { maxToolOutputChars: 10 } } }),
  },
  {
    port: 'attachments.take',
    isHarmless: false,
    wire: (take) => ({
      options: { attachments: { take, put: () => ({ kept: true }) } },
      invocation: { caller: 'ann' },
    }),
  },
  {
    port: 'identity.principalOf',
    isHarmless: false,
    wire: (principalOf) => ({ options: { identity: { principalOf } } }),
  },
  {
    port: 'dispatchGuard.enter',
    isHarmless: false,
    wire: (enter) => ({ options: { dispatchGuard: { enter } }, invocation: { requestKey: 'k' } }),
  },
  {
    port: 'dispatchGuard.leave',
    isHarmless: true,
    wire: (leave) => ({
      options: { dispatchGuard: { enter: () => ({ ok: true, leave }) } },
      invocation: { requestKey: 'k' },
    }),
  },
  { port: 'budget.reserve', isHarmless: false, wire: (reserve) => ({ options: { budget: { reserve } } }) },
  {
    port: 'budget.reservation',
    isHarmless: false,
    isField: true,
    wire: (give) => ({
      options: {
        budget: {
          reserve: async () => ({
            ok: true,
            get reservation() {
              return give()
            },
          }),
        },
      },
    }),
  },
  {
    port: 'budget.check',
    isHarmless: false,
    wire: (check) => ({
      options: { budget: { reserve: async () => ({ ok: true, reservation: { ...reservation, check } }) } },
    }),
  },
  {
    port: 'budget.settle',
    isHarmless: true,
    wire: (settle) => ({ options: { budget: { reserve: async () => ({ ok: true, reservation: { settle } }) } } }),
  },
  {
    port: 'lanes.runs.acquire',
    isHarmless: false,
    mayWait: true,
    wire: (acquire) => ({ options: { lanes: { runs: { acquire } as never } } }),
  },
  {
    port: 'lanes.runs.release',
    isHarmless: true,
    wire: (release) => ({ options: { lanes: { runs: { acquire: async () => ({ release }) } as never } } }),
  },
  { port: 'sessionTools', isHarmless: false, wire: (sessionTools) => ({ options: { sessionTools } }) },
  { port: 'sessionTools.cleanup', isHarmless: true, wire: (cleanup) => session({ cleanup }) },
  { port: 'sessionTools.postRun', isHarmless: true, wire: (postRun) => session({ postRun }) },
  { port: 'invocation.sessionTools', isHarmless: false, wire: (sessionTools) => ({ invocation: { sessionTools } }) },
  {
    port: 'palette.resolve',
    isHarmless: false,
    wire: (resolve) => ({ options: { palette: { resolve } }, agent: { palette: ['other'] } }),
  },
  {
    port: 'a delegate of the palette',
    isHarmless: false,
    isField: true,
    wire: (give) => ({ options: { palette: { resolve: () => [give()] } }, agent: { palette: ['other'] } }),
  },
  {
    port: 'approvals.ask',
    isHarmless: true,
    wire: (ask) => ({ options: { approvals: { ask }, tools: [asking] } }),
  },
  { port: 'permissions.judge', isHarmless: true, wire: (judge) => ({ options: { permissions: { judge } } }) },
  { port: 'onModelCall', isHarmless: true, wire: (onModelCall) => ({ options: { onModelCall } }) },
  {
    port: 'logger',
    isHarmless: true,
    isSilent: true,
    wire: (log) => ({
      ...audited({ event: log }),
      options: { ...audited({ event: log }).options, logger: { warn: log, error: log } },
    }),
  },
])
