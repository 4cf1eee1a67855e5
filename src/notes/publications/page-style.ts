/** The look of a public page. It is inline, and allowed by its hash. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --ink: #23211e; --soft: #6d675f; --line: #e4dfd7; --wash: #f4f1eb; --link: #1f5f8b; --mark: #fbe9a6;
  --text: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Charter, "Source Serif 4", "Noto Serif", "DejaVu Serif", Georgia, serif;
  --plain: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --code: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #17181a; --ink: #dfdcd6; --soft: #9a958c; --line: #34363a; --wash: #202225; --link: #86bce3; --mark: #5c4d13; }
}
*, ::before, ::after { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; font: 1.125rem/1.65 var(--text); font-kerning: normal; overflow-wrap: break-word; }
main { max-width: 42rem; margin: 0 auto; padding: clamp(2.5rem, 9vh, 6rem) max(1.25rem, env(safe-area-inset-left)) 6rem; }
header { margin-bottom: 2.75rem; padding-bottom: 1.5rem; border-bottom: 1px solid var(--line); }
h1, h2, h3, h4, h5, h6 { line-height: 1.2; font-weight: 600; text-wrap: balance; margin: 2.2em 0 .6em; }
header h1, .missing h1 { font-size: clamp(1.9rem, 1.3rem + 2.6vw, 2.9rem); line-height: 1.12; letter-spacing: -.015em; margin: 0; }
article h1 { font-size: 1.6rem; } h2 { font-size: 1.4rem; } h3 { font-size: 1.2rem; } h4 { font-size: 1.05rem; }
h5, h6 { font-size: 1rem; color: var(--soft); }
.by { margin: 1rem 0 0; font: .95rem/1.5 var(--plain); color: var(--soft); }
.author { color: var(--ink); font-weight: 500; }
article > :first-child { margin-top: 0; }
p, ul, ol, dl, blockquote, pre, table, figure, details { margin: 0 0 1.15em; }
p, li, dd, dt, h1, h2, h3, h4, h5, h6, td, th, summary { unicode-bidi: plaintext; text-align: start; }
a { color: var(--link); text-decoration-thickness: .06em; text-underline-offset: .18em; overflow-wrap: anywhere; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 3px; }
ul, ol { padding-inline-start: 1.5em; } li { margin-bottom: .3em; } li > p { margin-bottom: .4em; } li > ul, li > ol { margin-bottom: .4em; } li::marker { color: var(--soft); }
dt { font-weight: 600; } dd { margin: 0 0 .6em 1.5em; }
blockquote { margin-inline: 0; padding-inline-start: 1.2em; border-inline-start: 3px solid var(--line); color: var(--soft); font-style: italic; }
blockquote > :last-child { margin-bottom: 0; }
hr { border: 0; margin: 2.8em auto; width: 5rem; border-top: 1px solid var(--line); }
mark { background: var(--mark); color: inherit; padding: 0 .15em; border-radius: 2px; }
small, figcaption, caption { font-size: .88rem; color: var(--soft); }
sub, sup { font-size: .72em; line-height: 0; }
code, kbd, samp, pre { font-family: var(--code); font-size: .86em; font-variant-ligatures: none; }
code, kbd, samp { background: var(--wash); padding: .12em .34em; border-radius: 4px; }
kbd { border: 1px solid var(--line); border-bottom-width: 2px; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 8px; padding: 1em 1.15em; overflow-x: auto; line-height: 1.55; tab-size: 4; overflow-wrap: normal; }
pre code { background: none; padding: 0; font-size: 1em; }
table { display: block; max-width: 100%; overflow-x: auto; border-collapse: collapse; font: .95rem/1.45 var(--plain); font-variant-numeric: tabular-nums; }
th, td { padding: .55em .9em; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; min-width: 4.5em; }
th { font-weight: 600; border-bottom-width: 2px; } td > p, th > p { margin: 0; }
img { max-width: 100%; height: auto; border-radius: 6px; vertical-align: middle; } figure { margin-inline: 0; } figcaption { margin-top: .5em; }
summary { cursor: pointer; }
.whole { margin: 0; }
.missing { text-align: center; padding-top: 24vh; } .missing p { color: var(--soft); margin-top: 1rem; text-wrap: balance; text-align: center; } .missing h1 { text-align: center; }
@media (max-width: 40rem) { body { font-size: 1.0625rem; line-height: 1.6; } header { margin-bottom: 2rem; } pre { margin-inline: -.35rem; padding: .9em 1em; } }
@media print { html { background: #fff; color: #000; } main { max-width: none; padding: 0; } pre { white-space: pre-wrap; } a { color: inherit; } }
`
