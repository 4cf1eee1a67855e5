import type { Call } from './tree.ts'

/** What is thinner than this share of the whole is left out. */
const least = 0.0005
const rowHeight = 18

/** A flame graph that hangs from the top, in one file that asks nobody for anything: a click widens a call, one on the first row shows all. */
export function flamePage(title: string, all: Call): string {
  const bars: string[] = []
  let depth = 0
  const draw = (call: Call, from: number, level: number) => {
    const share = call.total / all.total
    if (share < least) return
    depth = Math.max(depth, level)
    const told = `${call.name}: ${percent(share)}, itself ${percent(call.self / all.total)}`
    const place = `left:${(from * 100).toFixed(3)}%;width:${(share * 100).toFixed(3)}%;top:${level * rowHeight}px`
    bars.push(`<b style="${place};background:${colourOf(call.name)}" title="${escaped(told)}">${escaped(call.name)}</b>`)
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
<main>
${bars.join('\n')}
</main>
<script>
  const bars = [...document.querySelectorAll('b')]
  const places = bars.map(bar => [parseFloat(bar.style.left), parseFloat(bar.style.width)])
  document.querySelector('main').addEventListener('click', event => {
    const chosen = places[bars.indexOf(event.target)]
    if (!chosen) return
    const [from, width] = chosen
    bars.forEach((bar, index) => {
      bar.style.left = ((places[index][0] - from) / width) * 100 + '%'
      bar.style.width = (places[index][1] / width) * 100 + '%'
      // What is wider than the chosen one holds it, and stays readable.
      if (places[index][0] <= from && places[index][0] + places[index][1] >= from + width) {
        bar.style.left = '0%'
        bar.style.width = '100%'
      }
    })
  })
</script>
</html>
`
}

function colourOf(name: string): string {
  const place = name.split(' ').at(-1) ?? ''
  const hue = place.startsWith('src/') ? 45 : place.startsWith('node:') ? 130 : place.includes('/') ? 205 : null
  const shade = 68 + ([...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 12)
  return hue === null ? `hsl(0 0% ${shade}%)` : `hsl(${hue} 80% ${shade}%)`
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
