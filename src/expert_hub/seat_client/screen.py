"""A member's seat as a terminal screen: the sheet, what can be done now, and whether it has arrived. Keyboard first."""

import contextlib
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.events import Key
from textual.message import Message
from textual.widgets import DataTable, Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from evaluation.commands import Command, VoteCheck
from evaluation.protocol import AckFrame, RefusalFrame
from expert_hub.foundation.errors import is_refusal, text_of
from expert_hub.foundation.texts import visible
from expert_hub.seat_client.client import Answer, Notice, SeatClient
from expert_hub.seat_client.sheet import Grid, Mark, Place, grid_of, next_empty, place_of, score_at
from expert_hub.seat_client.steps import STAGE_NAMES, Step, Words, steps_for

Language = Literal["zh", "en"]
Finish = Callable[[list[str]], Command | None]
_STYLE = """
Screen { layout: vertical; }
#training { background: $error; color: $text; text-style: bold; text-align: center; height: 1; display: none; }
#training.shown { display: block; }
#status { height: 1; background: $primary-darken-2; color: $text; }
#grid { height: 2fr; }
#steps { height: 1fr; min-height: 4; border: round $primary; }
#news { height: auto; max-height: 5; }
#answer { display: none; }
#answer.shown { display: block; }
"""


class SeatScreen(App[int]):
    """The screen of one seat; leaves with 0, or with 2 when the client had to stop."""

    CSS = _STYLE
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = [
        Binding("f2", "language", "中文/English", priority=True),
        Binding("f6", "other_part", "⇄", priority=True),
        Binding("escape", "give_up", "Esc"),
        Binding("ctrl+q", "leave", "×", priority=True),
    ]

    class Changed(Message):
        """Something about the seat is not as it was."""

    class Stopped(Message):
        """The client ended."""

        def __init__(self, error: Exception) -> None:
            self.error = error
            super().__init__()

    def __init__(self, client: SeatClient, language: Language = "zh") -> None:
        """Show a seat.

        Args:
            client: an entered seat client.
            language: of the screen at its start.
        """
        super().__init__()
        self.client, self.language = client, language
        self.news: list[str] = []
        self.refused: dict[Place, str] = {}
        self._grid: Grid | None = None
        self._steps: list[Step] = []
        self._texts: list[str] = []
        self._questions: list[Words] = []
        self._answers: list[str] = []
        self._finish: Finish | None = None

    def compose(self) -> ComposeResult:
        """The parts from top to bottom."""
        yield Static(id="training", markup=False)
        yield Static(id="status", markup=False)
        yield DataTable(id="grid", zebra_stripes=True, cursor_type="cell", fixed_columns=1)
        yield OptionList(id="steps", markup=False)
        yield Input(id="answer", select_on_focus=False)
        yield Static(id="news", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Follow the client from now on."""
        self.client.observe(self._heard)
        self.run_worker(self._watch_the_end())
        self.show()

    async def _watch_the_end(self) -> None:
        try:
            await self.client.stopped()
        except Exception as error:
            self.post_message(self.Stopped(error))

    def _heard(self, notice: Notice) -> None:
        if not self.is_running:
            return
        if isinstance(notice, RefusalFrame):
            detail = notice.problem.get("detail") or notice.problem.get("title") or ""
            self.tell(f"{detail} [{notice.problem.get('code', '?')}]")
        elif isinstance(notice, AckFrame):
            self.tell("")
        self.post_message(self.Changed())

    @on(Changed)
    def _look(self) -> None:
        self.show()

    @on(Stopped)
    def _stop(self, event: Stopped) -> None:
        error: Any = event.error
        self.exit(2, message=text_of(error, self.language) if is_refusal(error) else str(error))

    def say(self, words: Words) -> str:
        """One of two texts, in the language of the screen."""
        return words[self.language != "zh"]

    def tell(self, text: str) -> None:
        """Show a line of news; an empty one takes the last away."""
        self.news = [visible(text)] if text else []

    def show(self) -> None:
        """Bring every part up to date."""
        view = self.client.view
        waiting = self.client.waiting_commands
        mark = view.get("training", {}).get("mark", "")
        training = self.query_one("#training", Static)
        training.update(mark)
        training.set_class(bool(mark), "shown")
        self.query_one("#status", Static).update(self._status(len(waiting)))
        self.query_one("#news", Static).update("\n".join([*self.news, *self._results()]))
        self._show_grid(grid_of(view, waiting, self.refused, is_linked=self.client.is_linked))
        self._show_steps(steps_for(view))

    def _status(self, waiting: int) -> str:
        view = self.client.view
        own = view.get("me", {})
        stage = STAGE_NAMES.get(view.get("stage", {}).get("stage", ""), ("连接中", "connecting"))
        if not self.client.is_linked:
            line = ("○ 离线，已保存在本机", "○ offline, kept on this machine")
        else:
            line = ("● 在线", "● online")
        open_ = (f"待确认 {waiting}", f"unconfirmed {waiting}") if waiting else ("全部已保存", "all saved")
        leader = ("组长", "leader") if own.get("leader") else ("", "")
        parts = [own.get("alias", ""), self.say(leader), self.say(stage), self.say(line), self.say(open_)]
        return "  ".join(visible(part) for part in parts if part)

    def _results(self) -> list[str]:
        results = self.client.view.get("results")
        names = {bid["bid_id"]: bid["bidder"] for bid in self.client.view.get("bids", ())}
        rows = results["results"] if results else ()
        return [visible(f"{row['rank']}. {names.get(row['bid_id'], row['bid_id'])}  {row['total']}") for row in rows]

    def _show_grid(self, grid: Grid | None) -> None:
        table: DataTable[Text] = self.query_one("#grid", DataTable)
        table.display = grid is not None
        if grid is not None and (self._grid is None or self._grid.shape != grid.shape):
            table.clear(columns=True)
            table.add_column(self.say(("投标", "bid")), key="bid")
            for item, title in grid.columns:
                table.add_column(Text(visible(f"{item} {title}")[:16]), key=item)
            for bid, bidder in grid.rows:
                cells = [Text(str(grid.cells[bid, item])) for item, _ in grid.columns]
                table.add_row(Text(visible(f"{bid} {bidder}")[:20]), *cells, key=bid)
            table.move_cursor(row=0, column=1)
            table.focus()
        elif grid is not None and self._grid is not None:
            for (bid, item), cell in grid.cells.items():
                if self._grid.cells[bid, item] != cell:
                    table.update_cell(bid, item, Text(str(cell)))
        self._grid = grid

    def _show_steps(self, steps: list[Step]) -> None:
        shown = [(step.name, self.say(step.words)) for step in steps]
        if shown != [(step.name, text) for step, text in zip(self._steps, self._texts, strict=True)]:
            options = self.query_one("#steps", OptionList)
            kept = self._steps[options.highlighted].name if options.highlighted is not None else ""
            options.clear_options()
            options.add_options([Option(visible(text)) for _, text in shown])
            names = [name for name, _ in shown]
            options.highlighted = (names.index(kept) if kept in names else 0) if shown else None
            if self._grid is None and self._finish is None:
                options.focus()
        self._steps, self._texts = steps, [text for _, text in shown]

    @on(OptionList.OptionSelected, "#steps")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        step = self._steps[event.option_index]
        self._ask(list(step.asks), lambda answers: step.make(*answers))

    def _ask(self, questions: list[Words], finish: Finish, given: str = "") -> None:
        """Ask one question after the other, then give the command."""
        self._questions, self._answers, self._finish = questions, [], finish
        self._next_question(given)

    def _next_question(self, given: str = "") -> None:
        box = self.query_one("#answer", Input)
        if len(self._answers) < len(self._questions):
            box.value, box.placeholder = given, self.say(self._questions[len(self._answers)])
            box.set_class(True, "shown")
            box.focus()
            box.cursor_position = len(given)
            return
        finish, answers = self._finish, self._answers
        self._close_box()
        command = finish(answers) if finish else None
        if command is not None:
            self.give(command)

    @on(Input.Submitted, "#answer")
    def _answered(self, event: Input.Submitted) -> None:
        self._answers.append(event.value.strip())
        self._next_question()

    def _close_box(self) -> None:
        self._questions, self._answers, self._finish = [], [], None
        box = self.query_one("#answer", Input)
        box.set_class(False, "shown")
        self.query_one("#grid" if self._grid is not None else "#steps").focus()

    def give(self, command: Command) -> None:
        """Keep a command and send it; the screen does not wait for the answer."""
        place = place_of(command)
        self.refused.pop(place or ("", ""), None)
        answer = self.client.submit(command)
        if place is not None:
            answer.add_done_callback(lambda done: self._place_answered(done, place))
        self.show()

    def _place_answered(self, answer: Answer, place: Place) -> None:
        if not answer.cancelled() and answer.exception() is not None:
            self.refused[place] = str(answer.exception())
        if self.is_running:
            self.post_message(self.Changed())

    def on_key(self, event: Key) -> None:
        """In the sheet: a digit begins a score, y passes a check, n rejects it."""
        if not self.query_one("#grid", DataTable).has_focus or self._grid is None or event.character is None:
            return
        if self._grid.kind == "scores" and event.character in "0123456789":
            self._ask_score(event.character)
        elif self._grid.kind == "checks" and event.character in "yn":
            self._vote(passed=event.character == "y")
        else:
            return
        event.stop()
        event.prevent_default()

    @on(DataTable.CellSelected, "#grid")
    def _selected(self) -> None:
        if self._grid is not None and self._grid.kind == "scores":
            self._ask_score("")

    def _place(self) -> Place | None:
        table = self.query_one("#grid", DataTable)
        if self._grid is None or table.cursor_column == 0:
            return None
        place = self._grid.rows[table.cursor_row][0], self._grid.columns[table.cursor_column - 1][0]
        return None if self._grid.cells[place].mark is Mark.NONE else place

    def _ask_score(self, given: str) -> None:
        place = self._place()
        if place is not None:
            self._ask(
                [(f"{' '.join(place)} 分值", f"{' '.join(place)} value")], lambda a: self._score(place, a[0]), given
            )

    def _score(self, place: Place, value: str) -> Command | None:
        with contextlib.suppress(InvalidOperation):
            if Decimal(value).is_finite():
                self._go_on(place)
                return score_at(place, value)
        self.tell(self.say(("请输入数字", "a number, please")))
        self.show()
        return None

    def _vote(self, *, passed: bool) -> None:
        place = self._place()
        if place is None:
            return
        if passed:
            self.give(VoteCheck(*place, passed=True))
            self._go_on(place)
            return
        grounds = " ".join(self.client.view["checks"]["grounds"])
        asks: list[Words] = [(f"否决依据（{grounds}）", f"ground ({grounds})"), ("页码", "page"), ("说明", "note")]
        self._ask(asks, lambda a: VoteCheck(*place, passed=False, ground=a[0], page=a[1], note=a[2]))

    def _go_on(self, place: Place) -> None:
        following = next_empty(self._grid, place) if self._grid is not None else None
        if following is not None and self._grid is not None:
            row = [bid for bid, _ in self._grid.rows].index(following[0])
            column = [item for item, _ in self._grid.columns].index(following[1]) + 1
            self.query_one("#grid", DataTable).cursor_coordinate = Coordinate(row, column)

    def action_language(self) -> None:
        """The other language."""
        self.language = "en" if self.language == "zh" else "zh"
        self.show()

    def action_other_part(self) -> None:
        """From the sheet to the list and back."""
        table = self.query_one("#grid", DataTable)
        self.query_one("#steps" if table.has_focus or not table.display else "#grid").focus()

    def action_give_up(self) -> None:
        """Leave a question unanswered."""
        self._close_box()

    def action_leave(self) -> None:
        """Leave; what has no answer stays in the outbox."""
        self.exit(0)
