import './json-parse.ts'
import './quick-imports.ts'

// Not before the hooks of quick-imports are there.
await import('./run.ts')
