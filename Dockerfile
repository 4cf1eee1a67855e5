# Stage 1 holds what the server needs to run, and nothing of what builds and checks it.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has its own Node.js, so the one from npm is taken out again.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
RUN mkdir /data node_modules/.cache && chown node:node /data node_modules/.cache
COPY package.json ./
COPY drizzle drizzle
COPY scripts/prepare.ts scripts/
COPY src src
USER node
RUN node scripts/prepare.ts
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node.js is process 1 itself: it gets SIGTERM, and finishes what is in flight.
CMD ["node", "src/main.ts"]
