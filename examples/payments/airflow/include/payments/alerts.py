"""Tells the owning team that a task has failed. The log is the channel here; the on-call tool reads it."""


def tell_owner(context: dict) -> None:
    task = context["task_instance"]
    print(f"ALERT owner={task.task.owner} dag={task.dag_id} task={task.task_id} run={task.run_id}")
