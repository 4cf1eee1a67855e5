import { registerHooks } from 'node:module'

/**
 * Finds the files of drizzle-orm by their names alone. To learn that a file is an ES module, Node 24 reads the package.json
 * it belongs to, and parses the whole list of exports in it anew for each of the 200 files: more than a third of all that a start takes.
 */
registerHooks({
  resolve(specifier, context, next) {
    const from = context.parentURL ?? ''
    const isInside = specifier.startsWith('.') && specifier.endsWith('.js') && from.includes('/node_modules/drizzle-orm/') && from.endsWith('.js')
    return isInside ? { url: new URL(specifier, from).href, format: 'module', shortCircuit: true } : next(specifier, context)
  },
})
