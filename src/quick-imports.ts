import { enableCompileCache, type ResolveFnOutput, registerHooks } from 'node:module'
import { join } from 'node:path'

/** What Node made of the files is kept for the next start, types stripped and compiled. Where the folder can't be written, every start does it anew. */
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/tidemark'))

/** Folder and extension → format of the ES modules that were found there. */
const formats = new Map<string, string>()
/** Folder and name of a package → where it is, for who imports it from that folder. */
const packages = new Map<string, ResolveFnOutput>()

const folderOf = (url: string) => url.slice(0, url.lastIndexOf('/') + 1)
const kindOf = (url: string) => folderOf(url) + url.slice(url.lastIndexOf('.'))

/**
 * Finds ES modules by what is known of their neighbours. Left to itself, Node 24 reads the package.json a file belongs to, and parses
 * the whole list of exports in it anew, for each of a thousand files: almost half of all that a start takes.
 */
registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL
    if (from === undefined || !context.conditions.includes('import')) return next(specifier, context)
    if (!specifier.startsWith('.')) {
      const name = folderOf(from) + specifier
      const known = packages.get(name)
      if (known) return known
      const found = next(specifier, context)
      packages.set(name, { ...found, shortCircuit: true })
      return found
    }
    const { href } = new URL(specifier, from)
    const format = formats.get(kindOf(href))
    if (format !== undefined) return { url: href, format, shortCircuit: true }
    const found = next(specifier, context)
    if (found.format?.startsWith('module')) formats.set(kindOf(found.url), found.format)
    return found
  },
})
