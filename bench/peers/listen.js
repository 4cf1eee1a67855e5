/** Takes a free port and says which, in the one line that the bench waits for. */
export function listen(server) {
  server.listen(0, '127.0.0.1', () => say(server.address().port))
}

export const say = port => console.log(`listening on ${port}`)
