import { statfsSync } from 'node:fs'

import { StoreError } from '@executus/core/store-error'

/**
 * What `statfs` calls file systems whose files may be written from another machine, or by a server in between: there a lock
 * need not be one, and the memory that SQLite's processes share is not shared. See statfs(2) and linux/magic.h. FUSE is
 * among them as it does not tell what it leads to: SSH, a cloud's buckets, or the host of a virtual machine.
 */
const NETWORK_DISKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x65735546, 'FUSE'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x786f4256, 'VirtualBox'],
  [0xbacbacbc, 'VMware'],
])

/**
 * Sees that a folder is on a disk of this machine; on Linux alone, other systems are not asked. `typeOf` gives the type of
 * its file system, as Linux numbers them.
 *
 * @throws StoreError `unsupported`; or the file system's error
 */
export function checkDisk(folder: string, typeOf: (folder: string) => number = typeOnLinux): void {
  const disk = NETWORK_DISKS.get(typeOf(folder) >>> 0) // 32 bits, signed on some machines
  if (disk === undefined) return
  throw new StoreError(
    'unsupported',
    `The folder is on a network file system (${disk}), whose locks cannot be relied on; keep the file on a disk of ` +
      'this machine, or set `networkDisk` to `allow` if you know that its locks hold',
  )
}

function typeOnLinux(folder: string): number {
  return process.platform === 'linux' ? statfsSync(folder).type : 0
}
