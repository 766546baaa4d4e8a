"""What gunicorn itself has to say, in our lines: it would write the addresses and headers of requests that failed."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from app.web.logs import Lines


class OurLogger(Logger):  # type: ignore[misc]  # the library ships no types
    """Gunicorn's logger, each of whose handlers writes lines of ours."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(Lines())
