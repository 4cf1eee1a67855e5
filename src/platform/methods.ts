/**
 * Gives an object of fields the methods that it has in common with all of its kind. Functions that close over the fields do the
 * same; where there are ten thousand objects with ten methods each, those functions are most of what is held.
 */
export const withMethods = <Fields extends object, Methods extends object>(fields: Fields, methods: Methods): Fields & Methods =>
  Object.setPrototypeOf(fields, methods) as Fields & Methods
