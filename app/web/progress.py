"""Pages that watch a job: they look again until it has ended, without a script."""

from fastapi.responses import Response

from app.jobs.queries import has_ended
from app.models.jobs import Job

SECONDS_BETWEEN_LOOKS = 2


def while_running(page: Response, job: Job) -> Response:
    """The page, which the browser asks for again every two seconds while the job goes on.

    The page shows `progress` of templates/_progress.html; a job that ended refreshes nothing.
    """
    if not has_ended(job):
        page.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return page
