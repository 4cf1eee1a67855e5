/** The same event for everybody: what Tidemark's readers get of a push of one field. */
export const eventOf = value => ({ __typename: 'DocumentDelta', cursor: '', writes: [{ path: 'text', value }] })

/** The frame that raw `ws` sends for it: byte for byte what a GraphQL server has to send. */
export const messageOf = value =>
  `{"id":"1","type":"next","payload":{"data":{"documentChanges":{"writes":[{"path":"text","value":${JSON.stringify(value)}}]}}}}`
