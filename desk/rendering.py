"""Renders forms in the house's way, so that `{{ form }}` is right as it comes: label, hint, control, error."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Forms begin with a summary of their errors; each field is `components/field.html`."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
