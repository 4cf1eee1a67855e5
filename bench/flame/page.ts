import type { Call } from './tree.ts'

/** What is thinner than this share of the whole is left out. */
const least = 0.001
const rowHeight = 18

export interface FlameGraph {
  readonly title: string
  readonly all: Call
}

/** Flame graphs that hang from the top, in one file that asks nobody for anything: a click widens a call, one on the first row shows all. */
export const flamePage = (graphs: readonly FlameGraph[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Where the time goes</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 16px; font: 13px system-ui, sans-serif }
  h1 { font-size: 18px }
  h2 { font-size: 15px; margin-top: 2em }
  section { position: relative; overflow: hidden }
  b { position: absolute; box-sizing: border-box; height: ${rowHeight - 1}px; overflow: hidden; padding: 1px 3px; border-radius: 2px;
      font: 11px/15px ui-monospace, monospace; color: #1b1b1b; white-space: nowrap; cursor: pointer }
  b:hover { outline: 2px solid }
</style>
<h1>Where the time goes</h1>
<p>Width is CPU time, callers are above what they called. Yellow: Tidemark. Blue: dependencies. Green: Node.js. Grey: the machine.
Hover for shares, click to widen, click the first row for all.</p>
${graphs.map(({ title }) => `<h2>${escaped(title)}</h2>\n<section></section>`).join('\n')}
<script>
  const graphs = [${graphs.map(({ all }) => JSON.stringify(barsOf(all)).replaceAll('<', '\\u003c').replaceAll('],[', '],\n[')).join(',\n')}]
  document.querySelectorAll('section').forEach((section, place) => draw(section, graphs[place]))
  function draw(section, calls) {
    section.style.height = (Math.max(...calls.map(([, , level]) => level)) + 1) * ${rowHeight} + 'px'
    const bars = calls.map(([name, hue, level, from, share, self], index) => {
      const bar = section.appendChild(document.createElement('b'))
      bar.textContent = name
      bar.title = name + ': ' + share + ' %, itself ' + self + ' %'
      bar.style.top = level * ${rowHeight} + 'px'
      bar.style.background = 'hsl(' + (hue ?? 0) + ' ' + (hue === null ? 0 : 80) + '% ' + (68 + (index * 7) % 12) + '%)'
      bar.onclick = () => show(from, share)
      return bar
    })
    const show = (left, width) =>
      calls.forEach(([, , , from, share], index) => {
        // What holds the chosen one fills the row, and stays readable.
        const holds = from <= left && from + share >= left + width
        bars[index].style.left = holds ? '0%' : ((from - left) / width) * 100 + '%'
        bars[index].style.width = holds ? '100%' : (share / width) * 100 + '%'
      })
    show(0, 100)
  }
</script>
</html>
`

/** Name, hue, row, and where it begins, how wide it is and what of that it took itself, in percent of the whole. */
function barsOf(all: Call): unknown[] {
  const bars: unknown[] = []
  const add = (call: Call, from: number, level: number) => {
    const share = call.total / all.total
    if (share < least) return
    bars.push([call.name, hueOf(call.name), level, ...[from, share, call.self / all.total].map(part => Number((part * 100).toFixed(3)))])
    let at = from
    for (const callee of [...call.callees.values()].sort((a, b) => b.total - a.total)) {
      add(callee, at, level + 1)
      at += callee.total / all.total
    }
  }
  add(all, 0, 0)
  return bars
}

function hueOf(name: string): number | null {
  const place = name.split(' ').at(-1) ?? ''
  if (place.startsWith('src/')) return 45
  if (place.startsWith('node:')) return 130
  return place.includes('/') ? 205 : null
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
