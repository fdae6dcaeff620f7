from evaluation.course import Course, Incident


def incident(incident_id, seat_id, play, **changes):
    return Incident(incident_id, seat_id, "during", play.at, play.at, **changes)


def test_a_seat_is_offline_while_one_of_its_outages_is_open(play):
    over = incident("O1", "S1", play, ended_at=play.at)
    course = Course(incidents=(over, incident("O2", "S2", play), incident("O3", "S3", play, replaced=True)))
    assert course.offline() == {"S2"}
    assert course.incident("O1") == over
    assert course.incident("O9") is None
