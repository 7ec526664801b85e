"""What all lists of the desk have in common."""

import re

import pytest
from django.contrib import admin

pytestmark = pytest.mark.django_db
LISTS = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_called_by_what_is_in_it(desk, name):
    [model] = [found for found in admin.site._registry if f"{found._meta.app_label}_{found._meta.model_name}" == name]
    answer = desk.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    heading = re.search(r"<h1>(.*?)</h1>", page, re.S)[1].strip()
    assert heading
    assert "Select" not in heading + re.search(r"<title>(.*?)</title>", page, re.S)[1]


def test_where_a_row_is_chosen_for_a_form_it_says_so(desk):
    assert "<h1>Select user</h1>" in desk.get("/admin/accounts/user/?_popup=1").content.decode()
