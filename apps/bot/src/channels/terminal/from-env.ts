/** Whether the terminal cannot move its cursor; lines are then written one after the other. */
export function isDumbTerminal(): boolean {
  return process.env['TERM'] === 'dumb'
}
