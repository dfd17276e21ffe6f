import type { Socket } from 'node:net'

import { expect, test, vi } from 'vitest'

import { type Connect, type Pins, pinnedConnector } from './pinned-connector.ts'

/** What comes of connecting when each socket, by the address asked for, is connected to the address given. */
function connectVia(remotes: Readonly<Record<string, string | undefined>>, pins: Partial<Pins> = {}) {
  const asked: unknown[] = []
  const sockets: { readonly destroy: () => void }[] = []
  const connect: Connect = (options, callback) => {
    asked.push(options)
    const socket = { remoteAddress: remotes[options.hostname], destroy: vi.fn<() => void>() } as unknown as Socket
    sockets.push(socket)
    queueMicrotask(() => {
      if (options.hostname in remotes) callback(null, socket)
      else callback(new Error('refused'), null)
    })
    return socket
  }
  const endpoints = [{ address: '93.184.216.34', port: 8443 }]
  const all = { host: 'example.com', endpoints, signal: new AbortController().signal, ...pins }
  const settled = new Promise<unknown>((resolve) => {
    const options = { hostname: 'example.com', host: 'example.com:8443', protocol: 'https:', port: '8443' }
    pinnedConnector(connect, all)(options, (error, socket) => resolve(error ?? socket))
  })
  return { asked, sockets, settled }
}

test('pinnedConnector() dials the judged address and asks TLS for the name', async () => {
  const { asked, sockets, settled } = connectVia({ '93.184.216.34': '93.184.216.34' })
  expect(await settled).toBe(sockets[0])
  expect(asked).toEqual([
    { protocol: 'https:', hostname: '93.184.216.34', host: 'example.com', port: '8443', servername: 'example.com' },
  ])
})

test.each([['10.0.0.1'], ['::ffff:93.184.216.34'], [undefined]])(
  'pinnedConnector() hangs up when the socket turns out to be connected to %s',
  async (remote) => {
    const { sockets, settled } = connectVia({ '93.184.216.34': remote })
    expect(await settled).toMatchObject({ code: 'address_not_public' })
    expect(sockets[0]?.destroy).toHaveBeenCalledOnce()
  },
)

test('pinnedConnector() takes another spelling of the address for the same', async () => {
  const endpoints = [{ address: '2606:4700:0:0::1', port: 443 }]
  const { sockets, settled } = connectVia({ '2606:4700:0:0::1': '2606:4700::1' }, { endpoints })
  expect(await settled).toBe(sockets[0])
})

test('pinnedConnector() fails as the last address failed', async () => {
  const endpoints = ['1.1.1.1', '1.0.0.1'].map((address) => ({ address, port: 443 }))
  const { asked, settled } = connectVia({}, { endpoints })
  expect(await settled).toEqual(new Error('refused'))
  expect(asked).toHaveLength(2)
})

test('pinnedConnector() opens nothing without an address, or after its signal', async () => {
  const none = connectVia({}, { endpoints: [] })
  const late = connectVia({}, { signal: AbortSignal.abort() })
  expect(await none.settled).toMatchObject({ code: 'connect_failed' })
  expect(await late.settled).toMatchObject({ code: 'connect_failed' })
  expect([...none.asked, ...late.asked]).toEqual([])
})

test('pinnedConnector() hangs up a connection under way when its signal aborts', () => {
  const controller = new AbortController()
  const { sockets } = connectVia({ '93.184.216.34': '93.184.216.34' }, { signal: controller.signal })
  controller.abort()
  expect(sockets[0]?.destroy).toHaveBeenCalledOnce()
})
