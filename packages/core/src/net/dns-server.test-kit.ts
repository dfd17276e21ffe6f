import { createSocket } from 'node:dgram'
import { once } from 'node:events'

import { onTestFinished } from 'vitest'

/** A real name server on loopback. */
export interface DnsServer {
  /** As a resolver takes it. */
  readonly server: string
  /** The names that were asked for, one for each question. */
  readonly questions: string[]
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' }

/**
 * Answers questions for IPv4 addresses from `answers`, the n-th question with the n-th list; all others with nothing. A
 * name that is not there does not exist; one without lists is not answered at all.
 */
export async function dnsServer(answers: Readonly<Record<string, readonly (readonly string[])[]>>): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const questions: string[] = []
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query)
    const label = `${TYPES[type] ?? type} ${name}`
    questions.push(label)
    const lists = answers[name]
    if (lists?.length === 0) return
    const turn = questions.filter((each) => each === label).length
    const found = type === 1 ? (lists?.[Math.min(turn, lists.length) - 1] ?? []) : []
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(lists === undefined ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(found.length, 6)
    header.fill(0, 8)
    const records = found.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...octets(address)]))
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => {
    socket.close()
  })
  return { server: `127.0.0.1:${socket.address().port}`, questions }
}

function questionOf(query: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += length + 1
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function octets(address: string): readonly number[] {
  return address.split('.').map(Number)
}
