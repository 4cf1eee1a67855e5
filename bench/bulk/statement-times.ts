import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Has PostgreSQL write down how long each statement took, by who sent it. */
export const logSettings = { log_min_duration_statement: '0', log_parameter_max_length: '0', log_line_prefix: '%a|' }

/** Milliseconds that the database itself spent on statements of `sender`, between two marks that the bench has set. */
export function timesIn(folder: string, sender: string): (mark: string) => number {
  const log = readFileSync(join(folder, 'log'), 'utf8')
  return mark => {
    const [, part = ''] = log.split(`'mark ${mark}'`)
    const times = [...part.matchAll(/^([^|\n]*)\|LOG: {2}duration: ([\d.]+) ms/gm)]
    return times.filter(([, name]) => name === sender).reduce((sum, [, , ms]) => sum + Number(ms), 0)
  }
}

/** A statement that only leaves its name in the log, before and behind what is timed. */
export const markOf = (mark: string): string => `SELECT 'mark ${mark}'`
