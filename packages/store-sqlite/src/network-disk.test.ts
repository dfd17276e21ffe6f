import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

import { expect, test } from 'vitest'

import { checkDisk } from './network-disk.ts'
import { openSqlite } from './open-sqlite.ts'
import { prepareFile } from './prepare-file.ts'
import { tempFile, tempFolder } from './temp-folder.test-kit.ts'

test.each([
  [0x6969, 'NFS'],
  [0xff534d42, 'CIFS'],
  [0xff534d42 | 0, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x517b, 'SMB'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
])('a folder on a file system of type %i is refused, as one of %s', (type, disk) => {
  expect(() => checkDisk(tempFolder(), () => type)).toThrow(
    expect.objectContaining({
      name: 'StoreError',
      code: 'unsupported',
      message: expect.stringContaining(`a network file system (${disk})`) as string,
    }),
  )
})

test.each([
  ['ext4', 0xef53],
  ['XFS', 0x58465342],
  ['Btrfs', 0x9123683e],
  ['tmpfs', 0x01021994],
  ['overlay', 0x794c7630],
  ['ZFS', 0x2fc12fc1],
  ['none that is known', 0],
])('a folder on %s is taken', (_, type) => {
  expect(() => checkDisk(tempFolder(), () => type)).not.toThrow()
})

test('a folder of this machine is taken', () => {
  expect(() => checkDisk(tempFolder())).not.toThrow()
})

test('on a network file system no file is made, unless that is allowed', async () => {
  const path = tempFile()
  const onNfs = () => 0x6969
  expect(() => prepareFile(path, 'refuse', onNfs)).toThrow(expect.objectContaining({ code: 'unsupported' }))
  expect(existsSync(path)).toBe(false)
  prepareFile(path, 'allow', onNfs)
  expect(existsSync(path)).toBe(true)
  const db = await openSqlite(path, { networkDisk: 'allow' })
  await db.close()
  await expect(openSqlite(path, { networkDisk: 'deny' as never })).rejects.toThrow('`options.networkDisk`')
  expect(existsSync(dirname(path))).toBe(true)
})
