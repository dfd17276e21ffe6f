import { journalStoreConformance } from '@executus/checkpoint/testing'
import { test } from 'vitest'

import { openSqliteStores } from './stores.test-kit.ts'

for (const { name, skip, run } of journalStoreConformance(openSqliteStores, { races: 200 }))
  test(name, { skip: skip !== undefined }, run)
