"""A bounded look at a returned Spark DataFrame: one action with a name, never a count, never longer than agreed."""
import threading

GROUP = "slingshot-preview"


def is_data_frame(value):
    """Whether `value` is a DataFrame of Spark (classic or Connect); pyspark is not imported for the answer."""
    return any(
        kind.__name__ == "DataFrame" and kind.__module__.startswith("pyspark.sql.") for kind in type(value).__mro__
    )


def preview(frame, rows, columns, seconds):
    """
    At most `rows` rows and `columns` columns of `frame`, within `seconds`.

    Returns {"columns": [{"name", "type"}], "rows": [[value, …]], "truncatedRows": bool, "totalColumns": int}.
    Raises TimeoutError when the action was cancelled at its time limit, else what Spark raises.
    """
    fields = frame.schema.fields
    shown = fields[:columns]
    session = frame.sparkSession
    # Names may repeat or hold dots: columns are taken by position.
    part = frame if len(shown) == len(fields) else frame.select(*[frame[i] for i in range(len(shown))])
    late = threading.Event()
    cancel = label(session)

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
            raise TimeoutError("the preview took longer than %d s and was cancelled" % seconds) from None
        raise
    finally:
        timer.cancel()
    return {
        "columns": [{"name": field.name, "type": field.dataType.simpleString()} for field in shown],
        "rows": [list(row) for row in taken[:rows]],
        "truncatedRows": len(taken) > rows,
        "totalColumns": len(fields),
    }


def label(session):
    """Gives the actions of this thread a name that people see in Spark's UI; returns what cancels them."""
    if hasattr(session, "addTag") and not hasattr(session, "_jsparkSession"):
        session.addTag(GROUP)
        return lambda: session.interruptTag(GROUP)
    context = session.sparkContext
    context.setJobGroup(GROUP, "Slingshot: preview of the returned DataFrame", interruptOnCancel=True)
    return lambda: context.cancelJobGroup(GROUP)
