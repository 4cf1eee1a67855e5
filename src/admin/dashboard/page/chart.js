import { h, s } from './dom.js'
import { timeOf } from './format.js'

const margin = { top: 8, right: 12, bottom: 20, left: 60 }
const height = 128
/** Beyond so many milliseconds between two samples there was nothing, and no line is drawn. */
const gapMs = 5_000

/**
 * Plots over the time they share, one below the other. `plots`: title, format, lines of { key, label, look }.
 * One moment is read off in all of them, by the mouse, a finger or the arrow keys. They begin with a minute and grow to `mostMs`.
 */
export function charts(label, plots, mostMs) {
  const samples = []
  /** The moment that is read off; null: the newest. */
  let chosen = null
  let width = 0

  const when = h('output', { class: 'when' }, 'now')
  const parts = plots.map(plot => {
    const values = plot.lines.map(() => h('b', {}, '–'))
    const legend = plot.lines.map((line, index) => h('span', { class: `key ${line.look}` }, `${line.label} `, values[index]))
    const svg = s('svg', { class: 'plot', height, 'aria-hidden': 'true' })
    return {
      plot,
      values,
      svg,
      element: h('div', { class: 'chart' }, h('div', { class: 'chart-head' }, h('h3', {}, plot.title), h('p', { class: 'legend' }, legend)), svg),
    }
  })
  const slider = h(
    'div',
    {
      class: 'charts',
      role: 'slider',
      tabindex: '0',
      'aria-label': label,
      'aria-orientation': 'horizontal',
      'aria-valuemin': 0,
      'aria-valuemax': 0,
      'aria-valuenow': 0,
    },
    parts.map(({ element }) => element),
  )

  const place = () =>
    chosen === null
      ? samples.length - 1
      : Math.max(
          0,
          samples.findIndex(({ at }) => at >= chosen),
        )
  const endMs = () => samples.at(-1)?.at ?? 0
  const spanMs = () => Math.min(Math.max(endMs() - samples[0].at, 60_000), mostMs)
  const xOf = at => margin.left + ((at - endMs()) / spanMs() + 1) * (width - margin.left - margin.right)

  function draw() {
    if (samples.length === 0 || width === 0) return
    const at = place()
    const sample = samples[at]
    const words = [timeOf(sample.at)]
    when.textContent = chosen === null ? 'now' : words[0]
    for (const { plot, values, svg } of parts) {
      svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
      for (const [index, { key, label: name }] of plot.lines.entries()) {
        values[index].textContent = plot.format(sample[key])
        words.push(`${name} ${plot.format(sample[key])}`)
      }
      svg.replaceChildren(...drawn(plot, sample))
    }
    slider.setAttribute('aria-valuemax', samples.length - 1)
    slider.setAttribute('aria-valuenow', at)
    slider.setAttribute('aria-valuetext', words.join(', '))
  }

  function drawn({ lines, format, least = 1 }, sample) {
    const top = nice(Math.max(least, ...samples.flatMap(one => lines.map(({ key }) => one[key] ?? 0))))
    const bottom = height - margin.bottom
    const yOf = value => bottom - (value / top) * (bottom - margin.top)
    const grid = [0, top / 2, top].flatMap(value => [
      s('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: yOf(value), y2: yOf(value) }),
      s('text', { class: 'tick end', x: margin.left - 8, y: yOf(value) + 4 }, format(value)),
    ])
    const times = []
    const step = [15_000, 30_000, 60_000, 120_000].find(ms => (spanMs() / ms) * 80 < width) ?? 300_000
    for (let at = Math.ceil((endMs() - spanMs()) / step) * step; at <= endMs(); at += step) {
      const x = xOf(at)
      if (x > margin.left + 24 && x < width - 30)
        times.push(s('text', { class: 'tick mid', x, y: height - 4 }, timeOf(at).slice(0, step < 60_000 ? 8 : 5)))
    }
    const paths = lines.flatMap(({ key, look, filled }) => {
      const runs = runsOf(samples, key).map(run => run.map(one => `${xOf(one.at).toFixed(1)},${yOf(one[key]).toFixed(1)}`))
      const area = run => `M${run[0].split(',')[0]},${bottom}L${run.join('L')}L${run.at(-1).split(',')[0]},${bottom}Z`
      return [
        filled && s('path', { class: `area ${look}`, d: runs.map(area).join('') }),
        s('path', { class: `line ${look}`, d: runs.map(run => `M${run.join('L')}${run.length === 1 ? 'h.1' : ''}`).join('') }),
      ].filter(Boolean)
    })
    const x = xOf(sample.at)
    const dots = lines.flatMap(({ key, look }) =>
      sample[key] === null ? [] : [s('circle', { class: `dot ${look}`, cx: x, cy: yOf(sample[key]), r: 3.5 })],
    )
    return [...grid, ...times, ...paths, chosen === null ? '' : s('line', { class: 'cross', x1: x, x2: x, y1: margin.top, y2: bottom }), ...dots]
  }

  function choose(index) {
    const held = Math.min(Math.max(index, 0), samples.length - 1)
    chosen = held === samples.length - 1 ? null : (samples[held]?.at ?? null)
    draw()
  }

  slider.addEventListener('pointermove', event => {
    if (samples.length === 0) return
    const x = event.clientX - parts[0].svg.getBoundingClientRect().left
    let nearest = 0
    for (const [index, { at }] of samples.entries()) if (Math.abs(xOf(at) - x) < Math.abs(xOf(samples[nearest].at) - x)) nearest = index
    choose(nearest)
  })
  slider.addEventListener('pointerleave', () => choose(samples.length))
  slider.addEventListener('keydown', event => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 }
    if (event.key in steps) choose(place() + steps[event.key])
    else if (event.key === 'Home') choose(0)
    else if (event.key === 'End' || event.key === 'Escape') choose(samples.length)
    else return
    event.preventDefault()
  })
  new ResizeObserver(([entry]) => {
    width = Math.round(entry.contentRect.width)
    draw()
  }).observe(parts[0].svg)

  return {
    when,
    element: slider,
    add(sample) {
      samples.push(sample)
      while (samples[0].at < sample.at - mostMs) samples.shift()
      if (chosen !== null && chosen < samples[0].at) chosen = null
      draw()
    },
  }
}

/** Stretches without a gap. */
function runsOf(samples, key) {
  const runs = []
  let last = null
  for (const sample of samples) {
    if (sample[key] === null) last = null
    else {
      if (last && sample.at - last.at <= gapMs) runs.at(-1).push(sample)
      else runs.push([sample])
      last = sample
    }
  }
  return runs
}

/** The next number that reads well and has a half. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 8, 10].find(step => step * power >= value - 1e-9) * power
}
