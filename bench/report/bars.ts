import { shown } from './numbers.ts'
import { closed, colours, escaped, opened } from './svg.ts'

export interface Bar {
  readonly name: string
  readonly value: number
  readonly isOurs: boolean
}

const left = 270
const right = 780
const top = 62
const step = 26

/** Bars from zero, in the order given. */
export function drawBars(title: string, subtitle: string, bars: readonly Bar[]): string {
  const known = bars.filter(({ value }) => value > 0)
  const most = Math.max(...known.map(({ value }) => value))
  const drawn = known.flatMap(({ name, value, isOurs }, index) => {
    const y = top + index * step
    const width = Math.max(1, Math.round(((right - left) * value) / most))
    const weight = isOurs ? ' font-weight="600"' : ''
    return [
      `<text x="${left - 10}" y="${y + 14}" text-anchor="end"${weight}>${escaped(name)}</text>`,
      `<rect x="${left}" y="${y}" width="${width}" height="${step - 7}" rx="2" fill="${isOurs ? colours[0] : colours[7]}"/>`,
      `<text x="${left + width + 8}" y="${y + 14}"${weight}>${shown(value)}</text>`,
    ]
  })
  return [opened({ width: 860, height: top + known.length * step + 14, title, subtitle }), ...drawn, closed].join('\n')
}
