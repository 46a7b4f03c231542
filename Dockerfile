# One image, one binary: the frontend is embedded in it.
FROM node:22-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM rust:1.95-bookworm AS program
WORKDIR /build
COPY . .
COPY --from=frontend /build/frontend/dist frontend/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/target \
    CARGO_TARGET_DIR=/target cargo build --release --locked --bin cairn && cp /target/release/cairn /cairn

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home cairn
COPY --from=program /cairn /usr/local/bin/cairn
USER cairn
WORKDIR /data
VOLUME /data
ENV CAIRN_LISTEN=0.0.0.0:8080 CAIRN_DATA_DIR=/data
EXPOSE 8080
ENTRYPOINT ["cairn"]
CMD ["serve"]
