/**
 * What an attachment may say that it is, once decrypted. Types that a browser would run as part of the page that opens them
 * (HTML, SVG, XML, scripts) are left out: whoever is sent such a file would run it with their own rights in the client.
 */
export const mediaTypes: ReadonlySet<string> = new Set([
  'application/octet-stream',
  ...['avif', 'bmp', 'gif', 'heic', 'heif', 'jpeg', 'png', 'tiff', 'vnd.microsoft.icon', 'webp'].map(type => `image/${type}`),
  ...['aac', 'flac', 'midi', 'mp4', 'mpeg', 'ogg', 'opus', 'wav', 'webm'].map(type => `audio/${type}`),
  ...['mp4', 'mpeg', 'ogg', 'quicktime', 'webm', 'x-matroska', 'x-msvideo'].map(type => `video/${type}`),
  ...['calendar', 'csv', 'markdown', 'plain', 'rtf', 'tab-separated-values', 'vcard'].map(type => `text/${type}`),
  ...['epub+zip', 'json', 'pdf', 'rtf'].map(type => `application/${type}`),
  ...['gzip', 'vnd.rar', 'x-7z-compressed', 'x-bzip2', 'x-tar', 'x-xz', 'zip', 'zstd'].map(type => `application/${type}`),
  ...['msword', 'vnd.ms-excel', 'vnd.ms-powerpoint', 'vnd.ms-outlook'].map(type => `application/${type}`),
  ...['text', 'spreadsheet', 'presentation', 'graphics'].map(type => `application/vnd.oasis.opendocument.${type}`),
  ...['wordprocessingml.document', 'spreadsheetml.sheet', 'presentationml.presentation'].map(
    type => `application/vnd.openxmlformats-officedocument.${type}`,
  ),
])
