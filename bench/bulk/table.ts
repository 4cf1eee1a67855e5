import { median, table } from '../report/numbers.ts'
import { rows } from './kinds.ts'
import type { Taken } from './run.ts'

export const aboutBulk = `${rows.toLocaleString('en')} rows of about 100 bytes go in by operations as large as the API allows (5,000 records, 1,000 logs), one after the other. In each round the same
rows, and the changes that tell of them in the log, then go by \`COPY\` from files beside the database into tables with the same indexes,
that grow alike, with the head of their stream, in as many transactions, each behind a checkpoint: that is what a bulk load with a feed
costs at least. \`COPY\` writes over nothing, so records over what is there are held against \`COPY\` beside it and an \`UPDATE\` from there. *From end to end* is
the time until the last answer was there; *in the database* is what PostgreSQL says its statements took. All processes share all cores,
and limits are off.`

export function bulkTable(taken: readonly Taken[]): string {
  const lines = [...Map.groupBy(taken, ({ name, carrier }) => `${name}, over ${carrier}`)].map(([title, ofOne]) => {
    const ms = (pick: (one: Taken) => number) => median(ofOne.map(pick)).toFixed(0)
    const ratio = (pick: (one: Taken) => number) => {
      const ratios = ofOne.map(pick)
      return [`**${median(ratios).toFixed(2)}**`, `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`]
    }
    return [
      title,
      ms(one => one.copyMs),
      ms(one => one.putMs),
      ...ratio(one => one.putMs / one.copyMs),
      ms(one => one.copyInDatabaseMs),
      ms(one => one.putInDatabaseMs),
      ...ratio(one => one.putInDatabaseMs / one.copyInDatabaseMs),
      ms(one => one.cpuMs),
    ]
  })
  const head = ['`COPY`, ms', 'end to end, ms', 'ratio', 'range', '`COPY`, in the database', 'ours, in the database', 'ratio', 'range']
  return table(['', ...head, 'CPU of the server’s process, ms'], lines)
}
