import { environmentFrom } from '../from-env.ts'
// Prints what `--check` would, as a program of its own: node print-check.test-kit.ts [FLAG]...
import { checkConfiguration } from './check-configuration.ts'
import { parseArguments } from './parse-arguments.ts'

const args = parseArguments(process.argv.slice(2), '0.0.0')
const { text, exitCode } = await checkConfiguration(args, environmentFrom(), ['web_fetch', 'current_time', 'save_note'])
console.log(text)
process.exitCode = exitCode
