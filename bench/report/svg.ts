/** Told apart on white and on black, by those who do not see all colours too. */
export const colours = ['#1f7ae0', '#e8590c', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#8c6bb1', '#7f7f7f', '#a6761d', '#e7298a']

const style = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #57606a }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .minor { stroke: #d0d7de; stroke-width: 0.5; opacity: 0.5 }
  .ground { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .grid, .minor { stroke: #3d444d }
    .ground { fill: #0d1117 }
  }`

interface Sheet {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly subtitle: string
}

/** The beginning of a drawing that needs nothing but itself, and is read by day and by night. */
export const opened = ({
  width,
  height,
  title,
  subtitle,
}: Sheet): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${style}
</style>
<rect class="ground" width="${width}" height="${height}" rx="8"/>
<text class="title" x="20" y="26">${escaped(title)}</text>
<text class="quiet" x="20" y="44">${escaped(subtitle)}</text>`

export const closed = '</svg>\n'

export const short = (value: number): string => {
  const [unit, divisor] = value >= 1e6 ? ['M', 1e6] : value >= 1e3 ? ['k', 1e3] : ['', 1]
  return `${Number((value / divisor).toPrecision(3))}${unit}`
}

export const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
