import pg from 'pg'

/** The list that Tidemark shows, of copies of its rows: newest first, one owner's. */
export function createNotes({ DATABASE_URL, OWNER_ID }) {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 })
  return {
    async list(first) {
      const { rows } = await pool.query({
        name: 'notes',
        text: 'SELECT id, title, folder_id FROM peers.notes WHERE owner_id = $1 ORDER BY updated_at DESC, id DESC LIMIT $2',
        values: [OWNER_ID, first],
      })
      return { nodes: rows }
    },
    async foldersOf(ids) {
      const { rows } = await pool.query({ name: 'folders', text: 'SELECT id, name FROM peers.folders WHERE id = ANY ($1)', values: [ids] })
      const byId = new Map(rows.map(row => [row.id, row]))
      return ids.map(id => byId.get(id) ?? null)
    },
  }
}
