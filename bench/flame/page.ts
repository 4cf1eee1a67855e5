import type { Call } from './tree.ts'

/** What is thinner than this share of the whole is left out. */
const least = 0.001
const rowHeight = 18

/** A flame graph that hangs from the top, in one file that asks nobody for anything: a click widens a call, one on the first row shows all. */
export function flamePage(title: string, all: Call): string {
  const bars: unknown[] = []
  let depth = 0
  const draw = (call: Call, from: number, level: number) => {
    const share = call.total / all.total
    if (share < least) return
    depth = Math.max(depth, level)
    bars.push([call.name, hueOf(call.name), level, ...[from, share, call.self / all.total].map(part => Number((part * 100).toFixed(3)))])
    let at = from
    for (const callee of [...call.callees.values()].sort((a, b) => b.total - a.total)) {
      draw(callee, at, level + 1)
      at += callee.total / all.total
    }
  }
  draw(all, 0, 0)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 16px; font: 13px system-ui, sans-serif }
  h1 { font-size: 16px }
  main { position: relative; overflow: hidden; height: ${(depth + 1) * rowHeight}px }
  b { position: absolute; box-sizing: border-box; height: ${rowHeight - 1}px; overflow: hidden; padding: 1px 3px; border-radius: 2px;
      font: 11px/15px ui-monospace, monospace; color: #1b1b1b; white-space: nowrap; cursor: pointer }
  b:hover { outline: 2px solid }
</style>
<h1>${escaped(title)}</h1>
<p>Width is CPU time, callers are above what they called. Yellow: Tidemark. Blue: dependencies. Green: Node.js. Grey: the machine.
Hover for shares, click to widen, click the first row for all.</p>
<main></main>
<script>
  const calls = ${JSON.stringify(bars).replaceAll('<', '\\u003c').replaceAll('],[', '],\n[')}
  const main = document.querySelector('main')
  const bars = calls.map(([name, hue, level, from, share, self], index) => {
    const bar = main.appendChild(document.createElement('b'))
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
</script>
</html>
`
}

function hueOf(name: string): number | null {
  const place = name.split(' ').at(-1) ?? ''
  if (place.startsWith('src/')) return 45
  if (place.startsWith('node:')) return 130
  return place.includes('/') ? 205 : null
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
