// A process that shows a grid and leaves in one of all ways: the first argument says which.
import { planOf } from './progress.test-kit.ts'
import { showProgress } from './show-progress.ts'

const output = { isTTY: true, columns: 80, rows: 24, write: (text: string) => process.stderr.write(text) }
const flags = { isCi: false, isPlain: true, isDumb: false, isUtf8: true, hasEvents: false }
const progress = showProgress({ ...flags, plan: planOf(), output })

const [way] = process.argv.slice(2)
if (way === 'end') progress.end()
else if (way === 'throw') setImmediate(() => fail())
else if (way === 'exit') process.exit(7)
else console.log('ready') // the clock of the grid keeps it alive until a signal comes

function fail(): never {
  throw new Error('a fault')
}
