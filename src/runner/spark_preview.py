"""A bounded look at a returned Spark DataFrame: one action with a name, never a count, never longer than agreed."""
import threading

GROUP = "slingshot-preview"


def preview(frame, rows, columns, seconds):
    """
    At most `rows` rows and `columns` columns of `frame`, classic or Connect, within `seconds`.

    Raises TimeoutError when the action was cancelled at its time limit, else what Spark raises.
    """
    fields = frame.schema.fields
    shown = fields[:columns]
    # Names may repeat or hold dots: columns are taken by position.
    part = frame if len(shown) == len(fields) else frame.select(*[frame[i] for i in range(len(shown))])
    late = threading.Event()
    cancel = label(frame.sparkSession)

    def stop():
        late.set()
        cancel()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        taken = part.limit(rows + 1).collect()
    except Exception:
        if late.is_set():
            raise TimeoutError("the preview took longer than %g s and was cancelled" % seconds) from None
        raise
    finally:
        timer.cancel()
    return {
        "columns": [{"name": field.name, "type": field.dataType.simpleString()} for field in shown],
        "rows": [list(row) for row in taken[:rows]],
        "truncated": len(taken) > rows or len(shown) < len(fields),
        "source": "spark",
    }


def label(session):
    """Gives the actions of this thread a name that people see in Spark's UI; returns what cancels them."""
    if type(session).__module__.startswith("pyspark.sql.connect"):
        session.addTag(GROUP)
        return lambda: session.interruptTag(GROUP)
    context = session.sparkContext
    context.setJobGroup(GROUP, "Slingshot: preview of the returned DataFrame", interruptOnCancel=True)
    return lambda: context.cancelJobGroup(GROUP)
