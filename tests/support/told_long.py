"""Names the twins of stories: what `make test-long` alone tells, because the same is told once in the normal run.

A story is told in the normal run in one engine, one language and one way in; here stand the same story in the other
engine, language or way, and walks through more pages by a step that a few pages have shown. Whoever changes what they
are of runs them: `make test-long`, or pytest with `-m long` and the file.
"""

from __future__ import annotations

import re
from typing import Final

# file below tests/ -> what of it is told in the long run only: a function's name, and in brackets what of its cases.
TOLD_LONG: Final[dict[str, tuple[str, ...]]] = {
    "bench/test_relay.py": (r"test_the_floor_and_ours_do_the_job_and_the_page_says_what_came",),
    "browser/test_access.py": (
        r"test_axe_objects_to_nothing\[.*-en\]",
        r"test_nothing_runs_off_the_side_of_a_small_phone\[(?!home|talk|note).*-en\]",
        r"test_axe_objects_to_nothing_on_a_wide_screen_in_either_scheme\[.*-light\]",
    ),
    # The desk at work: browser/test_keyboard_shift.py.
    "browser/test_access_states.py": (
        r"test_a_note_is_clean_from_a_forgotten_field_to_its_erasure\[en\]",
        r"test_the_desk_is_clean",
    ),
    # A card by two letters: browser/test_keyboard_shift.py; a tap, a yes: chat/sockets/test_{card,keeping}_lines.py.
    "browser/test_cards.py": (
        r"test_two_letters_send_a_card_in_her_language_and_one_tap_answers_it",
        r"test_words_are_kept_by_her_yes_and_not_by_her_no_and_both_read_which",
    ),
    "browser/test_closed_start.py": (
        r"test_what_she_typed_at_a_closed_door_is_the_first_thing_said_behind_it\[no-script\]",
    ),
    "browser/test_desk_card.py": (
        r"test_the_card_is_whole_without_scrolling_and_says_what_this_advocate_reads",
        r"test_who_speaks_it_is_asked_first_and_the_card_says_how_an_interpreter_is_reached",
    ),
    # Without a browser: portal/staff/keys/test_granting.py, portal/rotation.
    "browser/test_desk_keys.py": (r"test_a_key_is_given_by_voice_taken_and_changed_and_nobody_is_signed_out",),
    "browser/test_desk_row.py": (r"test_the_places_of_a_shift_stand_in_one_line_and_the_rest_behind_a_word\[en\]",),
    "browser/test_device_journeys.py": (r"test_after_a_visit_its_words_are_nowhere_on_the_phone\[chromium.*\]",),
    "browser/test_every_tongue.py": (
        r"test_a_page_fits_a_small_phone_in_every_tongue\[(note|numbers)\]",
        r"test_a_page_fits_a_small_phone_in_every_tongue\[talk\]",
    ),
    "browser/test_exit_button.py": (
        r"test_what_leaving_does_not_do_is_one_tap_away\[(?!home|talk|note).*\]",
        r"test_the_exit_stays_in_sight_and_nothing_covers_it\[.*-en\]",
        r"test_the_exit_is_the_first_thing_a_keyboard_reaches\[no script-(?!home|talk|note).*\]",
        r"test_stretched_text_is_neither_cut_nor_pushed_off_the_side\[(?!home).*-en-.*\]",
    ),
    "browser/test_exit_leaves.py": (
        r"test_one_tap_leaves_every_page\[(?!home|talk|note).*\]",
        r"test_the_neutral_site_learns_nothing\[(note|safety)-.*\]",
        r"test_a_held_neutral_site_leaves_the_screen_blank_and_escape_brings_nothing_back\[dark\]",
        r"test_leaving_works_with_our_server_down\[script\]",
    ),
    "browser/test_firefox_exit.py": (r".*\[script\]", r"test_after_a_walk_and_the_exit_back_leads_to_before_us"),
    "browser/test_firefox_hurt.py": (
        r"test_the_fields_answer_shows_both_sides_while_the_stream_is_dead_and_one_tap_brings_it_back",
        r"test_the_words_go_on_by_themselves_when_their_server_is_killed",
        r"test_with_her_number_she_comes_back_to_hidden_words",
        r"test_when_she_ends_it_nothing_of_it_is_left_on_the_page_or_behind_its_address",
    ),
    # By script, over a line that is cut: browser/test_upload_line.py; without: browser/test_photo_journey.py.
    "browser/test_firefox_photo.py": (r"test_a_photo_goes_in_and_is_looked_at\[.*script\]",),
    # A note without script in this browser, and what it leaves: browser/test_device_journeys.py.
    "browser/test_firefox_note.py": (r"test_a_note_goes_its_whole_way_in_the_safest_mode",),
    # Heard at once in this browser too: browser/test_plain_talk.py.
    "browser/test_firefox_plain.py": (
        r"test_words_are_heard_within_a_second_both_ways",
        r"test_a_line_cut_for_seven_seconds_is_healed_by_one_tap_and_loses_no_word",
    ),
    "browser/test_firefox_traces.py": (
        r"test_a_whole_visit_keeps_nothing_and_asks_nobody_else\[(chromium-.*|firefox-no script)\]",
    ),
    "browser/test_many_notes.py": (
        r"test_a_heap_is_looked_into_closed_but_for_one_and_opened_again",
        r"test_what_happens_now_comes_in_through_a_flood_and_nobodys_words_are_lost",
    ),
    "browser/test_late_answers.py": (r"test_another_language_waits_until_she_is_back",),
    "browser/test_old_lines.py": (
        r"test_without_sockets_the_whole_talk_goes_by_questions\[sockets and fetch\]",
        r"test_when_a_script_never_comes_the_talk_goes_on_without_it\[the talk's script\]",
        r"test_a_note_is_sent_from_a_browser_of_early_2018",
        r"test_with_no_request_at_all_the_form_posts_and_the_talk_goes_on_without_script",
    ),
    "browser/test_old_look.py": (r"test_the_way_out_is_in_sight_and_nothing_overlaps\[en-.*\]",),
    "browser/test_phone_journeys.py": (r".*\[firefox\]",),
    "browser/test_photo_journey.py": (r"test_a_photo_goes_its_whole_way_over_a_line_that_breaks",),
    "browser/test_plain_access.py": (r"test_axe_has_nothing_to_say_about_the_talk_without_script.*",),
    # With her number she comes back: browser/test_talk_back.py, without script too.
    "browser/test_plain_hurt.py": (
        r"test_when_only_the_answer_is_lost_the_words_stay_and_are_kept_once",
        r"test_she_ends_it_and_nothing_of_it_is_left_on_the_page",
        r"test_with_her_number_she_comes_back_to_hidden_words",
        r"test_words_sent_into_a_dead_line_stay_in_the_field_and_arrive_once",
        r"test_what_the_house_does_not_take_stands_in_the_frame_in_sight",
        r"test_the_composers_answer_shows_both_sides_while_the_stream_is_dead",
        r"test_the_advocate_sees_that_there_is_no_script",
    ),
    "browser/test_plain_talk.py": (
        r"test_a_talk_without_script_is_heard_at_once_and_leaves_nothing_behind_it\[chromium\]",
    ),
    "browser/test_public_look.py": (
        r"test_what_has_the_focus_is_never_under_the_bar\[(?!home|note).*-en\]",
        r"test_what_has_the_focus_is_never_under_the_bar\[home-ar\]",
        r"test_not_police_and_the_first_door_are_in_sight_in_every_language\[(en|fr|es)\]",
    ),
    "browser/test_slow_lines.py": (
        r"test_a_talk_over_a_slow_line_goes_on_through_stalls_and_cuts\[by questions-slow\]",
    ),
    # On the lines: chat/sockets/test_comeback_lines.py; the pace: chat/test_comeback.py.
    "browser/test_talk_back.py": (
        r"test_the_page_before_dies_when_she_comes_back_and_its_exit_ends_nothing",
        r"test_wrong_numbers_are_paced_for_everybody_and_nothing_typed_is_lost",
    ),
    # Her end behind a cover: chat/sockets/test_covered_lines.py.
    "browser/test_talk_cover.py": (
        r"test_an_end_behind_the_cover_shows_nothing_before_she_comes_back",
        r"test_two_quick_taps_are_one",
        r"test_the_covered_page_is_good_for_everybody\[en\]",
    ),
    "browser/test_talk_desk.py": (
        r"test_a_desk_that_is_loaded_anew_counts_as_new_only_what_came_since_its_answer",
        r"test_no_script_error_stands_in_the_desks_console",
    ),
    # Her words as a note: journeys/test_words_left_in_line_become_a_note.py.
    "browser/test_talk_end.py": (
        r"test_after_a_while_alone_she_may_wait_on_or_leave_her_words_as_a_note",
        r"test_once_somebody_comes_the_choice_goes",
        r"test_an_end_she_missed_is_told_when_her_line_is_back",
        r"test_the_exit_works_while_the_line_is_cut",
    ),
    # Her number opens the same talk: browser/test_talk_back.py.
    "browser/test_talk_left.py": (
        r"test_without_script_the_number_she_kept_brings_her_back_too",
    ),
    # What the desk is told: chat/sockets/test_line_states.py.
    "browser/test_talk_line.py": (
        r"test_the_desk_reads_when_her_page_is_out_of_view_and_when_it_is_back",
    ),
    "browser/test_talk_tongue.py": (
        r"test_without_script_the_draft_goes_along_too",
        r"test_one_who_waits_keeps_her_place_and_what_she_answered",
    ),
    # Without script, on its own lines: chat/sockets/test_taking_back.py.
    "browser/test_taking_back.py": (
        r"test_the_offer_is_over_after_its_seconds_and_with_the_line",
        r"test_without_script_the_words_are_no_longer_drawn",
    ),
    # A tip by keyboard alone is part of the shift without a pointer (browser/test_keyboard_shift.py).
    "browser/test_tip_work.py": (r"test_a_tip_is_worked_on_by_keyboard_alone",),
    "browser/test_translated_talk.py": (
        r"test_without_script_the_question_the_translation_and_the_stop_are_there_too",
    ),
    "browser/test_upload_line.py": (
        r"test_without_script_a_form_that_is_cut_leaves_her_words_and_no_half_photo\[.*\]",
        r"test_a_photo_goes_on_after_the_line_was_cut_in_the_middle_of_it\[firefox\]",
    ),
    # Step by step, without a browser: tips/report.
    "browser/test_report_journey.py": (
        r"test_a_report_goes_its_whole_way_by_two_people",
    ),
    "browser/test_note_line.py": (
        r"test_the_exit_and_the_tap_that_says_so_end_the_copy\[firefox\]",
    ),
    # Without a server: portal/staff/keys/test_setup.py.
    "journeys/test_an_operator_opens_a_house.py": (
        r"test_the_setup_code_works_once_and_is_gone",
    ),
    # Whom Caddy asks when one of two is away: proxy/test_two_servers.py.
    "proxy/test_shipped_proxies.py": (
        r"test_a_talk_goes_both_ways_at_once\[caddy\]",
        r"test_a_tip_is_sent_and_comes_back\[nginx\]",
        r"test_of_two_servers_one_serves_the_desk_the_other_the_visitor_and_either_goes\[caddy\]",
    ),
    "proxy/test_the_wire.py": (
        r"test_who_listens_on_the_way_reads_no_word_no_page_and_no_browser\[caddy\]",
    ),
    "browser/test_talk_hands.py": (
        r"test_no_question_stands_under_her_finger_before_her_place_is_told",
    ),
    # The record, and what a supervisor answers, without a browser: portal/records.
    "browser/test_records.py": (
        r"test_the_record_is_kept_by_three_keys_or_by_fifteen_and_a_supervisor_answers_it",
    ),
    # Forms without script, as the house answers them: tips/test_pages.py, test_form.py, test_receipt_spellings.py.
    "browser/test_tip_journey.py": (
        r"test_another_language_keeps_what_was_typed",
        r"test_happening_now_shows_whom_to_call_first",
        r"test_whoever_need_not_come_back_gets_no_number",
        r"test_a_number_may_be_typed_in_local_digits",
        r"test_what_is_agreed_to_is_ticked_seen_and_taken_back_without_script",  # tips/test_agreeing.py
    ),
    # Every page of the desk: browser/test_desk_pages.py, in the long run.
    "browser/test_tip_access.py": (
        r"test_the_inbox_is_clean_to_axe",
    ),
    "browser/test_made_up_tongue.py": (
        r"test_a_note_and_the_way_back_speak_it_too",
        r"test_the_waiting_room_and_its_end_speak_it_too",
    ),
    # On the lines themselves: chat/sockets/test_boundary_lines.py.
    "browser/test_boundaries.py": (r"test_who_was_warned_and_went_on_is_held_off_and_keeps_phone_and_note",),
    # The bytes of every page in every tongue, without a browser, in the same file.
    "browser/test_weight.py": (r"test_a_first_view_stays_within_its_budget\[(?!home|talk|note).*-en\]",),
    # What goes to which of several servers is told by its first story; a kill among them: faults/test_fail_overs.py.
    "portal/store/test_engines.py": (
        r"test_whatever_is_published_in_a_cluster_is_heard_where_its_slot_is",
        r"test_a_slot_that_goes_elsewhere_is_followed_by_words_and_by_ears",
        r"test_a_primary_that_is_killed_takes_no_acknowledged_word_along",
        r"test_a_start_beside_a_replica_that_is_away_says_so_and_goes_on",
    ),
    # With every page: journeys/test_the_house_without_its_stores.py.
    "processes/test_away.py": (
        r"test_a_valkey_is_frozen_for_a_while\[durable\]",
        r"test_the_database_file_is_gone_for_a_while",
    ),
    "processes/test_deaths.py": (
        r"test_a_killed_valkey_is_started_again_and_the_workers_find_it\[durable\]",
    ),
    "journeys/test_a_hostile_sibling_changes_nothing.py": (
        r"test_a_hostile_sibling_page_changes_nothing\[localhost-False\]",
    ),
}  # fmt: skip
_READ: Final = {file: re.compile("|".join(names)) for file, names in TOLD_LONG.items()}


def is_told_long(node: str) -> bool:
    """Whether the test of this node id (`tests/room/test_x.py::test_y[case]`) is a twin told in the long run only."""
    file, _, name = node.partition("::")
    names = _READ.get(file.removeprefix("tests/"))
    return names is not None and names.fullmatch(name) is not None
