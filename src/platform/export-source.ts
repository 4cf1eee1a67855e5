/** How a cell is written; what is in JSON already is put into JSON as it is. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'time' | 'json'

/** Times are ISO 8601; JSON is text; large numbers are their digits. */
export type Cell = string | number | boolean | null

/** What of the data is meant. */
export interface Selection {
  /** Only what is this user's. */
  readonly userId: string | null
  /** Only what changed at this moment or later. */
  readonly since: Date | null
}

/** The key of the last row that was looked at. */
export type ExportPlace = readonly (string | number)[]

export interface ExportPage {
  /** Cells in the order of the columns. */
  readonly rows: readonly (readonly Cell[])[]
  /** Where to go on; null: that was all. */
  readonly next: ExportPlace | null
}

/** Rows of one type, which a room hands out for exports page by page, in the order of a key that never changes. */
export interface ExportTable {
  /** What each of its rows is: the name of its type in GraphQL where it has one. */
  readonly type: string
  readonly columns: Readonly<Record<string, ColumnType>>
  /** The next rows, of a bounded size. There may be none though there are more. */
  read(selection: Selection, after: ExportPlace | null): Promise<ExportPage>
  /** About how many rows there are. Costs nothing that grows with them. */
  estimate(selection: Selection): Promise<number>
}

/** All that a room has of one kind. */
export type ExportSource = readonly ExportTable[]
