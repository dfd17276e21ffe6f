// What is published works: the tarball of every package is whole, its types resolve, and an empty project that installs
// it can import every entry; a light host installs no battery and runs an agent, and so does every program, which runs.
// (Packs dist: build first.)
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hostProblems } from './pack/hosts.mjs'
import { pack } from './pack/tarball.mjs'
import { verdict } from './verdict.mjs'
import { publicPackages, publicPrograms } from './workspace.mjs'

const workshop = mkdtempSync(join(tmpdir(), 'executus-pack-'))
process.once('exit', () => rmSync(workshop, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))

mkdirSync(join(workshop, 'tarballs'))
const tarballs = [...publicPackages(), ...publicPrograms()].map((member) => pack(member, join(workshop, 'tarballs')))
const problems = tarballs.flatMap((tarball) => tarball.problems)
// A tarball that is broken by itself would only break the host in harder words.
if (problems.length === 0) problems.push(...hostProblems(tarballs, workshop))
verdict('pack', problems, `${tarballs.length} tarballs, each imported from an empty project`)
