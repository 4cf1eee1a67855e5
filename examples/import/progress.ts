import type { Report } from './import.ts'
import type { Counts } from './state.ts'

const barWidth = 30
const number = new Intl.NumberFormat('en')

const part = ({ imported, skipped }: Counts['note'], name: string) =>
  `${number.format(imported)} ${name}${skipped > 0 ? ` (+ ${number.format(skipped)} skipped)` : ''}`

export const describe = (counts: Counts): string =>
  [part(counts.folder, 'folders'), part(counts.note, 'notes'), part(counts.record, 'records')].join(', ')

/** A bar on a terminal, a line now and then elsewhere. */
export function createProgressBar(out: NodeJS.WriteStream, everyMs = 5_000) {
  const startedAt = Date.now()
  let before: number | null = null
  let shownAt = 0
  const total = ({ record, folder, note }: Counts) => [record, folder, note].reduce((sum, { imported, skipped }) => sum + imported + skipped, 0)
  return {
    show({ done, counts, refused }: Report): void {
      // What an earlier run did is not this one's speed.
      before ??= total(counts)
      const now = Date.now()
      if (!out.isTTY && now - shownAt < everyMs) return
      shownAt = now
      const filled = Math.round(Math.min(done, 1) * barWidth)
      const perSecond = Math.round((total(counts) - before) / Math.max((now - startedAt) / 1000, 0.001))
      const bar = `[${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}] ${Math.floor(done * 100)} %`
      const line = `${bar}  ${describe(counts)}, ${number.format(refused)} refused, ${number.format(perSecond)}/s`
      out.write(out.isTTY ? `\r\x1b[K${line.slice(0, out.columns)}` : `${line}\n`)
    },
    end(): void {
      if (out.isTTY) out.write('\r\x1b[K')
    },
  }
}
