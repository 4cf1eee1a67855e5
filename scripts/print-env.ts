import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { variables } from '../src/config.ts'
import { keep } from './generated.ts'

interface Variable {
  readonly name: string
  readonly meaning: string
  readonly fallback: string | null
}

/** Defaults as someone would type them: `15m`, not the seconds it becomes. */
const described: readonly Variable[] = Object.entries(z.toJSONSchema(variables, { io: 'input', unrepresentable: 'any' }).properties ?? {}).map(
  ([name, property]) => {
    const { description, default: fallback } = property as { description?: string; default?: string | number }
    if (!description) throw new Error(`${name} has no description in src/config.ts.`)
    return { name, meaning: description, fallback: fallback === undefined ? null : String(fallback) }
  },
)

const quoted = (value: string) => (/[\s<>#"']/.test(value) ? JSON.stringify(value) : value)

const example = [
  '# Every variable the server reads, with its default. None is needed for a first run.',
  '# Docker Compose reads this file as `.env`; it needs JWT_SECRET and POSTGRES_PASSWORD.',
  ...described.flatMap(({ name, meaning, fallback }) => ['', `# ${meaning}`, `# ${name}=${fallback === null ? '' : quoted(fallback)}`]),
  '',
  '# Password of the database in docker-compose.yml; the server itself does not read it',
  '# POSTGRES_PASSWORD=',
  '',
].join('\n')

const cell = (text: string) => text.replaceAll('|', '\\|')

const table = [
  '| variable | default | meaning |',
  '|---|---|---|',
  ...described.map(({ name, meaning, fallback }) => `| \`${name}\` | ${fallback ? `\`${cell(fallback)}\`` : ''} | ${cell(meaning)} |`),
].join('\n')

const readme = readFileSync('README.md', 'utf8')
const [start, end] = ['<!-- configuration -->', '<!-- /configuration -->']
if (!readme.includes(start) || !readme.includes(end)) throw new Error(`README.md lacks ${start} … ${end}, where the table of variables goes.`)

keep('.env.example', example, 'npm run env:print')
keep('README.md', `${readme.slice(0, readme.indexOf(start) + start.length)}\n${table}\n${readme.slice(readme.indexOf(end))}`, 'npm run env:print')
