"""What is learned from examples: made-up vectors, whose answers can be told by hand."""

import numpy as np

from helpline.likeness.learning import SMALLNESS, Weights, learn, spread

WORDS = ["danger now", "danger here", "happy cat", "happy dog"]
SIDES = np.array([1, 1, -1, -1], np.float32)
NOTHING_ALIKE = np.eye(4, dtype=np.float32)


def learned() -> Weights:
    return learn(NOTHING_ALIKE, spread(WORDS), SIDES)


def test_grave_and_ordinary_examples_are_told_apart():
    scores = learned().tell(NOTHING_ALIKE, WORDS)
    assert (scores[:2] > 0.5).all() and (scores[2:] < -0.5).all()


def test_a_new_text_is_judged_by_the_pieces_it_shares():
    far = np.zeros((2, 4), np.float32)
    grave, ordinary = learned().tell(far, ["danger there", "happy bird"])
    assert grave > 0.2 and ordinary < -0.2


def test_a_new_text_is_judged_by_the_examples_it_is_near_to():
    near = np.array([[0.9, 0.5, 0.0, 0.0], [0.0, 0.0, 0.9, 0.5]], np.float32)
    grave, ordinary = learned().tell(near, ["", ""])
    assert grave > 0.2 and ordinary < -0.2


def test_an_example_between_the_sides_has_no_voice():
    weights = learn(NOTHING_ALIKE, spread(WORDS), np.array([1, 0, 0, -1], np.float32))
    assert weights.voices[[1, 2]].tolist() == [0, 0]


def test_the_weights_are_those_of_ridge_regression():
    rows, close = spread(WORDS), np.array(NOTHING_ALIKE)
    matrix = np.exp(4 * (close - 1)) + rows @ rows.T + SMALLNESS * np.eye(4)
    assert np.allclose(learned().voices, np.linalg.solve(matrix, SIDES), atol=1e-3)
