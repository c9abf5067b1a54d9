# The image of web servers, workers and beat alike. Built with:  docker build -t marktrunde .

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
    && /opt/venv/bin/python requirements/install.py app

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/marktrunde --shell /usr/sbin/nologin marktrunde \
    && install -d -o marktrunde -g marktrunde /srv/marktrunde /srv/media /srv/static /srv/backups
WORKDIR /srv/marktrunde
COPY --from=build /opt/venv /opt/venv
COPY manage.py ./
COPY marketplace marketplace
COPY logistics logistics
COPY billing billing
COPY cms cms
COPY embedded embedded
COPY templates templates
COPY requirements requirements
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MARKTRUNDE_ENV=production \
    MARKTRUNDE_STATE=/tmp/marktrunde \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media \
    TYPESETTING_FONTS=/tmp/marktrunde/fonts
# The static files belong into the image, so that every replica serves the same ones. Nothing of these values stays.
RUN SECRET_KEY=only-while-building-the-image-0123456789-0123456789-abcdefghij ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql://build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q marketplace logistics billing cms embedded
USER marktrunde
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3).close()"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--workers", "2", \
     "--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "marketplace.wsgi:application"]
