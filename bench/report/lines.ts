import { closed, colours, escaped, opened, short } from './svg.ts'

export interface Series {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** Ours are drawn strong, all others thin. */
  readonly isOurs: boolean
  /** Which of the colours. */
  readonly colour: number
  /** Of the line, as SVG has it; a line without is whole. */
  readonly dashes?: string
}

export interface Plot {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly Series[]
}

const size = { width: 860, height: 430 }
const frame = { left: 68, right: 552, top: 56, bottom: 372 }
const lineHeight = 17
/** Lines over two logarithmic axes, as an SVG that needs nothing but itself. */
export function drawLines({ title, xLabel, yLabel, series }: Plot): string {
  const drawn = series.map(line => ({ ...line, points: line.points.filter(({ x, y }) => x > 0 && y > 0) })).filter(({ points }) => points.length > 0)
  const all = drawn.flatMap(({ points }) => points)
  const x = axis(
    all.map(point => point.x),
    frame.left + 14,
    frame.right - 14,
    false,
  )
  const y = axis(
    all.map(point => point.y),
    frame.bottom - 8,
    frame.top + 8,
    true,
  )
  const ticks = [...new Set(all.map(point => point.x))].sort((a, b) => a - b)
  const grid = [
    ...ticks.map(tick => `<line class="minor" x1="${x(tick)}" x2="${x(tick)}" y1="${frame.top}" y2="${frame.bottom}"/>`),
    ...ticks.map(tick => `<text class="quiet" x="${x(tick)}" y="${frame.bottom + 18}" text-anchor="middle">${short(tick)}</text>`),
    ...marks(all.map(point => point.y)).map(({ value, isMajor }) =>
      [
        `<line class="${isMajor ? 'grid' : 'minor'}" x1="${frame.left}" x2="${frame.right}" y1="${y(value)}" y2="${y(value)}"/>`,
        isMajor ? `<text class="quiet" x="${frame.left - 8}" y="${y(value) + 4}" text-anchor="end">${short(value)}</text>` : '',
      ].join(''),
    ),
  ]
  const lines = drawn.map(({ points, isOurs, dashes, colour: index }) => {
    const colour = colours[index % colours.length]
    const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.x)} ${y(point.y)}`).join('')
    const dots = points.map(point => `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="${isOurs ? 4 : 2.8}" fill="${colour}"/>`).join('')
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${isOurs ? 3 : 1.6}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>${dots}`
  })
  const labels = legend(drawn.map(({ points }) => y(points.at(-1)?.y ?? 1)))
  const names = drawn.map(({ name, isOurs, points, colour: chosen }, index) => {
    const [last, at] = [points.at(-1) as Series['points'][number], labels[index] as number]
    const colour = colours[chosen % colours.length]
    return (
      `<path d="M${x(last.x) + 6} ${y(last.y)}L${frame.right + 6} ${at}L${frame.right + 14} ${at}" fill="none" stroke="${colour}" stroke-width="0.8" opacity="0.6"/>` +
      `<circle cx="${frame.right + 18}" cy="${at}" r="4" fill="${colour}"/>` +
      `<text x="${frame.right + 27}" y="${at + 4}"${isOurs ? ' font-weight="600"' : ''}>${escaped(name)}</text>`
    )
  })
  const below = `<text class="quiet" x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 40}" text-anchor="middle">${escaped(xLabel)}</text>`
  return [opened({ ...size, title, subtitle: yLabel }), ...grid, ...lines, ...names, below, closed].join('\n')
}

/** From a value to where it is drawn. `toPowers` widens it to the marks around. */
function axis(values: readonly number[], from: number, to: number, toPowers: boolean): (value: number) => number {
  const [least, most] = toPowers ? bounds(values) : [Math.min(...values), Math.max(...values)]
  const span = Math.log(most / least) || 1
  return value => Math.round((from + ((to - from) * Math.log(value / least)) / span) * 10) / 10
}

const steps = [1, 2, 5]

function bounds(values: readonly number[]): readonly [number, number] {
  const around = scale(values)
  const least = around.findLast(value => value <= Math.min(...values)) ?? around[0]
  const most = around.find(value => value >= Math.max(...values)) ?? around.at(-1)
  return [least ?? 1, most ?? 10]
}

function scale(values: readonly number[]): readonly number[] {
  const powers = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))] as const
  return Array.from({ length: powers[1] - powers[0] + 1 }, (_, index) => 10 ** (powers[0] + index)).flatMap(power => steps.map(step => step * power))
}

function marks(values: readonly number[]): readonly { readonly value: number; readonly isMajor: boolean }[] {
  const [least, most] = bounds(values)
  const isWide = most / least > 500
  return scale(values)
    .filter(value => value >= least * 0.999 && value <= most * 1.001)
    .map(value => ({ value, isMajor: !isWide || Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 }))
}

/** As near to the ends of the lines as they go without covering each other. */
function legend(wanted: readonly number[]): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at)
  const placed: number[] = []
  let next = frame.top
  for (const [rank, { at, index }] of order.entries()) {
    const highest = frame.bottom - (order.length - rank - 1) * lineHeight
    next = Math.min(Math.max(at, next), highest)
    placed[index] = next
    next += lineHeight
  }
  return placed
}
